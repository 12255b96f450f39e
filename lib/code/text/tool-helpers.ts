/** Functions that build tools write into a program. They stand for parts of the language, so they do not count. */

/** TypeScript's and esbuild's. */
const OWN = new Set(`awaiter generator rest spread spreadArray spreadArrays values read assign extends decorate esDecorate
  runInitializers param metadata propKey setFunctionName classPrivateFieldGet classPrivateFieldSet classPrivateFieldIn
  asyncValues asyncGenerator asyncDelegator await makeTemplateObject importDefault importStar createBinding exportStar
  addDisposableResource disposeResources rewriteRelativeImportExtension name publicField privateGet privateSet privateAdd
  privateMethod privateIn privateWrapper objRest async spreadValues spreadProps toESM toCommonJS template using callDispose
  yieldStar forAwait`.split(/\s+/).map((name) => `__${name}`)); // prettier-ignore

/** Babel's are written in camel case, swc's with underscores. */
const SHARED = new Set(`class_private_field_get class_private_field_set class_private_field_init class_private_field_update
  class_private_method_get class_private_method_init class_private_method_set class_private_field_loose_base
  class_private_field_loose_key class_private_getter class_private_setter class_static_private_field_spec_get
  class_static_private_field_spec_set class_static_private_method_get class_apply_descriptor_get class_apply_descriptor_set
  class_extract_field_descriptor class_check_private_static_access check_private_redeclaration check_in_rhs
  assert_class_brand define_property async_to_generator object_spread object_spread2 object_spread_props
  object_without_properties object_without_properties_loose to_consumable_array sliced_to_array interop_require_default
  interop_require_wildcard export_star ts_decorate ts_metadata ts_param apply_decs apply_decs2203 apply_decs2203_r
  apply_decs2301 apply_decs2305 apply_decs2311 apply_decs_2203_r apply_decs_2311 using_ctx tagged_template_literal
  wrap_async_generator await_async_generator async_iterator async_generator_delegate call_super super_prop_base
  super_prop_get super_prop_set class_call_check create_class inherits extends instanceof type_of to_property_key
  to_primitive`.split(/\s+/).map((name) => name.replaceAll('_', ''))); // prettier-ignore

/** Packages that hold such functions. */
export const TOOL_PACKAGES: ReadonlySet<string> = new Set([
  'tslib',
  '@swc/helpers',
  '@babel/runtime',
  '@oxc-project/runtime',
]);

export function isToolHelper(name: string): boolean {
  if (OWN.has(name)) return true;
  return /^_[a-z]/.test(name) && SHARED.has(name.slice(1).replaceAll('_', '').toLowerCase());
}

/** The helper of esbuild that gives a function its name, whatever a minifier calls it. */
export function isNamingHelper(source: string): boolean {
  return NAMING.test(source);
}
const NAMING =
  /^\(?\s*([\w$]+)\s*,\s*([\w$]+)\s*\)\s*=>\s*[\w$.]+\(\s*\1\s*,\s*["']name["']\s*,\s*\{\s*(?:value:\s*)?\2\s*,\s*configurable:\s*(?:true|!0)\s*,?\s*\}\s*\)$/;
