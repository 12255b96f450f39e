/** Doing something to entries, once it was said what that would be and the user has agreed. */
import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { ActMessage, Verb } from '../contract/messages.js';
import { post } from './api.js';

const VERBS: readonly [Verb, string][] = [
  ['invalidate', 'Invalidate…'],
  ['prune', 'Remove data…'],
  ['clear', 'Remove…'],
];

export function Act({ ids, onDone }: { ids: readonly string[]; onDone?: (verb: Verb) => void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const [asked, setAsked] = useState<{ verb: Verb; message: ActMessage; isDone: boolean }>();
  const say = async (verb: Verb, isConfirmed: boolean): Promise<void> => {
    let message: ActMessage;
    try {
      message = await post({ verb, ids: [...ids], isConfirmed });
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      message = { text: 'It could not be done', kept: [['all of it', why]] };
    }
    if (isConfirmed && message.kept.length === 0) {
      // The entry's view may go with it.
      dialog.current?.close();
      onDone?.(verb);
      return;
    }
    setAsked({ verb, message, isDone: isConfirmed });
    if (dialog.current?.open === false) dialog.current.showModal();
  };
  const ask = (verb: Verb, isConfirmed: boolean): void => {
    say(verb, isConfirmed).catch(() => undefined);
  };
  const close = (): void => {
    dialog.current?.close();
    if (asked?.isDone === true) onDone?.(asked.verb);
  };
  return (
    <span class="act">
      {VERBS.map(([verb, text]) => (
        <button
          key={verb}
          type="button"
          onClick={() => {
            ask(verb, false);
          }}
        >
          {text}
        </button>
      ))}
      <dialog ref={dialog} aria-label="Confirmation">
        <p>{asked?.message.text}</p>
        {asked?.message.kept.map(([name, why]) => (
          <p key={name} class="quiet">
            {name} stays: {why}
          </p>
        ))}
        <p class="buttons">
          <button type="button" onClick={close}>
            {asked?.isDone === true ? 'Close' : 'Cancel'}
          </button>
          {asked?.isDone === false && (
            <button
              type="button"
              class="danger"
              onClick={() => {
                ask(asked.verb, true);
              }}
            >
              Yes, do it
            </button>
          )}
        </p>
      </dialog>
    </span>
  );
}
