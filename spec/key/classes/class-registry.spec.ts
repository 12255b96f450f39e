/* eslint-disable @typescript-eslint/no-extraneous-class -- classes that are nothing but classes are what is tried */
import { EventEmitter } from 'node:events';
import { runInThisContext } from 'node:vm';
import { expect } from 'chai';
import { InvalidOptionError } from '#lib/base/errors.js';
import {
  type AnyClass,
  registerClass,
  registeredByInstance,
  registeredByName,
} from '#lib/key/classes/class-registry.js';

/** A new class from one source text, as a notebook cell makes when it runs again. */
function redefined(body: string): AnyClass {
  return runInThisContext(`(class Cell { ${body} })`) as AnyClass;
}

function refused(Class: unknown, options?: unknown, message?: string): void {
  expect(() => {
    registerClass(Class as AnyClass, options as object);
  }).to.throw(InvalidOptionError, message);
}

describe('registerClass', () => {
  class Plain {
    x = 1;
  }

  it('finds a class by name and by direct instances, not by those of a subclass', () => {
    class Sub extends Plain {}
    registerClass(Plain, { name: 'registry/Plain' });
    expect(registeredByName('registry/Plain')?.Class).to.equal(Plain);
    expect(registeredByInstance(new Plain())?.name).to.equal('registry/Plain');
    expect(registeredByInstance(new Sub())).to.equal(undefined);
    expect(registeredByInstance(Object.create(null) as object)).to.equal(undefined);
    expect(registeredByInstance(new Proxy(new Plain(), { getPrototypeOf: () => expect.fail('ran') }))).to.equal(
      undefined,
    );
    expect(registeredByName('registry/none')).to.equal(undefined);
  });

  it('takes the name of the class, unless a static member hides it', () => {
    class RegistryNamed {}
    registerClass(RegistryNamed);
    expect(registeredByName('RegistryNamed')?.Class).to.equal(RegistryNamed);
    refused(
      class {
        static name = 5;
      },
      {},
      'no name',
    );
    refused((() => class {})(), {}, 'no name');
  });

  it('may be called again with the same options, and not with others', () => {
    class Again {}
    registerClass(Again, { name: 'registry/Again', key: () => 1 });
    registerClass(Again, { name: 'registry/Again', key: () => 1 });
    refused(Again, { name: 'registry/Again' }, 'already');
    refused(Again, { name: 'registry/Other', key: () => 1 }, 'already');
    expect(registeredByName('registry/Other')).to.equal(undefined);
    expect(registeredByName('registry/Again')?.key).to.be.a('function');
  });

  it('lets a class that was defined again take the place of the old one only with the same source', () => {
    const [first, second, changed] = [
      redefined('a() { return 1; }'),
      redefined('a() { return 1; }'),
      redefined('a() { return 2; }'),
    ];
    registerClass(first);
    registerClass(second);
    expect(registeredByName('Cell')?.Class).to.equal(second);
    refused(changed, {}, "name 'Cell'");
    expect(registeredByName('Cell')?.Class).to.equal(second);
    expect(registeredByInstance(Object.create(first.prototype as object) as object)?.name).to.equal('Cell');
  });

  it('refuses what is no class', () => {
    for (const value of [undefined, null, 1, 'Plain', {}, () => 1, Math.max, Plain.bind(null), new Proxy(Plain, {})])
      refused(value);
    refused(
      function* () {
        yield 1;
      },
      { name: 'g' },
    );
  });

  it('refuses options that are not what they must be', () => {
    class Odd {}
    for (const options of [{ name: '' }, { name: 5 }, { key: 'x' }, null, 'x']) refused(Odd, options);
    expect(registeredByName('Odd')).to.equal(undefined);
  });

  it('refuses built-ins and their subclasses', () => {
    class Table extends Map {}
    class DeepTable extends Table {}
    class Failure extends Error {}
    class Bytes extends Uint8Array {}
    for (const Class of [Map, Date, Error, Array, Object, Promise]) refused(Class, {}, 'built in');
    for (const Class of [Table, DeepTable, Failure, Bytes]) refused(Class, {}, 'built in');
    expect(registeredByName('DeepTable')).to.equal(undefined);
  });

  it('takes a class that extends null, an old-style one and one that extends an ordinary library class', () => {
    class FromNull extends (null as unknown as ObjectConstructor) {}
    class Emitter extends EventEmitter {}
    registerClass(FromNull as unknown as AnyClass, { name: 'registry/FromNull' });
    registerClass(Emitter, { name: 'registry/Emitter' });
    registerClass(runInThisContext('(function Old() {})') as AnyClass, { name: 'registry/Old' });
    expect(registeredByName('registry/FromNull')?.prototype).to.equal(FromNull.prototype);
  });

  it('refuses #private members of the class or of what it extends', () => {
    class Secret {
      #x = 1;
      x(): number {
        return this.#x;
      }
    }
    class Heir extends Secret {}
    refused(Secret, {}, '#x');
    refused(Heir, {}, 'Secret has the private member #x');
  });
});
