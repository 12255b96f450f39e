/**
 * A rule of ours: constants of a module are written in UPPER_CASE, all else that a module declares is not. A constant is what
 * stands there to be read: a literal, what is computed of literals, a list, a Set or Map with contents, a table
 * (`as const`, `satisfies`, or of a type `Record`). An enumeration (`as const`, written in PascalCase) is one as well.
 */

const UPPER = /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$/;
const PASCAL = /^[A-Z][a-z]/;

/** The expression without what is said of its type. */
function bare(node) {
  let at = node;
  while (['TSAsExpression', 'TSSatisfiesExpression', 'TSTypeAssertion'].includes(at.type)) at = at.expression;
  return at;
}

/** Is it computed of literals and constants alone? */
function isLiteral(node) {
  switch (node.type) {
    case 'Literal':
      return true;
    case 'Identifier':
      return UPPER.test(node.name);
    case 'UnaryExpression':
      return isLiteral(node.argument);
    case 'BinaryExpression':
      return isLiteral(node.left) && isLiteral(node.right);
    case 'TemplateLiteral':
      return node.expressions.every(isLiteral);
    default:
      return false;
  }
}

/** Does a declaration say that its object is a table? */
function isTable({ id, init }) {
  const type = id.typeAnnotation?.typeAnnotation;
  return init !== bare(init) || /\b(Record|ReadonlyMap|ReadonlySet)$/.test(nameOf(type) ?? '');
}

/** `Readonly<Record<…>>` is a Record. */
function nameOf(type) {
  if (type?.type !== 'TSTypeReference') return undefined;
  const { name } = type.typeName;
  return ['Readonly', 'Partial'].includes(name) ? nameOf(type.typeArguments?.params[0]) : name;
}

function isConstant(declaration) {
  const init = bare(declaration.init);
  switch (init.type) {
    case 'ArrayExpression':
      return init.elements.length > 0;
    case 'ObjectExpression':
      return init.properties.length > 0 && isTable(declaration);
    case 'NewExpression':
      return ['Set', 'Map'].includes(init.callee.name) && init.arguments.length > 0;
    default:
      return init.type !== 'Identifier' && isLiteral(init);
  }
}

/** What changes, or is called: no constant, whatever it is said to be. */
function isThing({ init }) {
  const { type, arguments: given, elements, properties } = bare(init);
  return (
    ['ArrowFunctionExpression', 'FunctionExpression'].includes(type) ||
    (type === 'NewExpression' && given.length === 0) ||
    (elements ?? properties)?.length === 0
  );
}

/** @type {import('eslint').Rule.RuleModule} */
export default {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      constant: '{{name}} is a constant of its module: write it in UPPER_CASE',
      thing: '{{name}} is no constant: write it in camelCase',
    },
  },
  create(context) {
    function look(statement) {
      const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
      if (declared?.type !== 'VariableDeclaration' || declared.kind !== 'const' || declared.declare) return;
      for (const declaration of declared.declarations) {
        const { id, init } = declaration;
        if (id.type !== 'Identifier' || init === null) continue;
        const report = (messageId) => {
          context.report({ node: id, messageId, data: { name: id.name } });
        };
        if (isConstant(declaration)) {
          if (!UPPER.test(id.name) && !(PASCAL.test(id.name) && bare(init).type === 'ObjectExpression'))
            report('constant');
        } else if (UPPER.test(id.name) && isThing(declaration)) report('thing');
      }
    }
    return {
      Program(program) {
        program.body.forEach(look);
      },
    };
  },
};
