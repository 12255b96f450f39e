import { expect } from 'chai';
import fc from 'fast-check';
import { callKeyDigest, valueDigest } from '#lib/key/canonical/canonical.js';

interface Node {
  label: number;
  next: Node[];
}

/** A graph from its labels and edges; node 0 is the root. */
function graph(labels: readonly number[], edges: readonly (readonly [number, number])[]): Node {
  const nodes = labels.map((label): Node => ({ label, next: [] }));
  for (const [from, to] of edges) {
    const target = nodes[to % nodes.length];
    if (target !== undefined) nodes[from % nodes.length]?.next.push(target);
  }
  return nodes[0] ?? { label: -1, next: [] };
}

/** All paths up to a length from a node: nodes of n-node graphs whose unfoldings agree to depth n agree for ever. */
function unfolded(node: Node, depth: number): string {
  return depth === 0 ? '' : `${node.label}(${node.next.map((next) => unfolded(next, depth - 1)).join()})`;
}

const anyGraph = fc
  .tuple(
    fc.array(fc.nat(1), { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(fc.nat(2), fc.nat(2)), { maxLength: 4 }),
  )
  .map(([labels, edges]) => graph(labels, edges));

/** Does an object of the graph contain itself? */
function isCyclic(node: Node, above: readonly Node[] = []): boolean {
  return above.includes(node) || node.next.some((next) => isCyclic(next, [...above, node]));
}

describe('digests of objects that contain themselves', () => {
  it('are equal for equal graphs', () => {
    fc.assert(
      fc.property(anyGraph, (root) => {
        expect(callKeyDigest([structuredClone(root)])).to.equal(callKeyDigest([root]));
        expect(valueDigest(structuredClone(root))).to.equal(valueDigest(root));
      }),
    );
  });

  it('differ where a path through the graphs differs', () => {
    let compared = 0;
    fc.assert(
      fc.property(anyGraph, anyGraph, (one, other) => {
        const differ = unfolded(one, 7) !== unfolded(other, 7);
        if (differ) expect(valueDigest(one)).not.to.equal(valueDigest(other));
        if (differ && isCyclic(one) && isCyclic(other)) compared++;
      }),
      { numRuns: 1000 },
    );
    expect(compared).to.be.above(50);
  });

  it('see how long a ring is, however deep it closes', () => {
    const ring = (length: number): Node =>
      graph(
        Array.from({ length }, () => 0),
        Array.from({ length }, (_, i) => [i, i + 1] as const),
      );
    for (const length of [7, 8, 9, 40]) {
      const labelled = ring(length);
      labelled.label = 1;
      let last = labelled;
      while (last.next[0] !== undefined && last.next[0] !== labelled) last = last.next[0];
      const copy = structuredClone(labelled);
      expect(valueDigest(copy)).to.equal(valueDigest(labelled));
      last.next = [{ label: 0, next: [labelled] }];
      expect(valueDigest(copy)).not.to.equal(valueDigest(labelled));
    }
  });

  it('see a difference at the far side of a ring', () => {
    const ring = (far: number): Node =>
      graph(
        [1, 2, 3, 4, far],
        [
          [0, 1],
          [1, 2],
          [2, 3],
          [3, 4],
          [4, 0],
        ],
      );
    expect(callKeyDigest([ring(5)])).not.to.equal(callKeyDigest([ring(6)]));
    expect(callKeyDigest([ring(5)])).to.equal(callKeyDigest([ring(5)]));
  });

  it('do not depend on the order of Map entries and Set members within a cycle', () => {
    const knot = (order: readonly number[]): object => {
      const root = { members: new Set<object>(), byName: new Map<number, object>() };
      for (const i of order) {
        const member = { i, root };
        root.members.add(member);
        root.byName.set(i, member);
      }
      return root;
    };
    expect(callKeyDigest([knot([1, 2, 3])])).to.equal(callKeyDigest([knot([3, 1, 2])]));
    expect(callKeyDigest([knot([1, 2, 3])])).not.to.equal(callKeyDigest([knot([1, 2, 4])]));
    expect(valueDigest(knot([1, 2, 3]))).not.to.equal(valueDigest(knot([3, 1, 2])));
  });

  it('take polynomial time where every object reaches every other', () => {
    const mesh = Array.from({ length: 200 }, (_, i) => ({ i, all: [] as unknown[] }));
    for (const node of mesh) node.all = mesh;
    expect(callKeyDigest([mesh])).to.match(/^[0-9a-f]{64}$/);
  });

  it('are made of trees whose children know their parents', () => {
    const tree = (leaf: number): object => {
      const root: { children: object[] } = { children: [] };
      for (let i = 0; i < 1000; i++) root.children.push({ i: i === 999 ? leaf : i, parent: root });
      return root;
    };
    expect(callKeyDigest([tree(1)])).to.equal(callKeyDigest([tree(1)]));
    expect(callKeyDigest([tree(1)])).not.to.equal(callKeyDigest([tree(2)]));
  });

  it('are the same for an acyclic part inside and outside a cycle of its owner', () => {
    const part = { values: Array.from({ length: 100 }, (_, i) => i) };
    const holder: { part: object; self?: object } = { part };
    holder.self = holder;
    const copy: { part: object; self?: object } = { part: structuredClone(part) };
    copy.self = copy;
    expect(callKeyDigest([part, holder])).to.equal(callKeyDigest([part, copy]));
  });
});
