/**
 * The one thing that a hit in memory asks. What was found free to be handed out is so until the gate moves on: with a listener of
 * events, a computation that begins, memory that an analyzer loses, a value that leaves its slot.
 */
export const gate = {
  /** How often it has moved on. */
  now: 0,
};

/** Sees to it that the next hit of every result asks all questions again. */
export function moveGate(): void {
  gate.now++;
}
