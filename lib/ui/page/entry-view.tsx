/** An entry: what it is, what it looks like, and where it comes from. */
import type { ComponentChildren, VNode } from 'preact';
import type { EntryMessage, EntryRow, IngredientRow, PartRow } from '../contract/messages.js';
import { humanSeconds } from '../../base/text/human.js';
import { Act } from './act.js';
import { useAnswer } from './api.js';
import { go, linkTo } from './route.js';
import { StateMark } from './state-mark.js';
import { moment } from './moment.js';
import { ValueView } from './value-view.js';

export function EntryView({ id, version }: { id: string; version: number }): VNode {
  const { value, error } = useAnswer<EntryMessage>('entry', { id }, version);
  if (error !== undefined) return <p role="alert">{error}</p>;
  if (value === undefined) return <p class="quiet">Reading the record…</p>;
  const { row, facts, reasons, parts, madeOf, usedBy, versions } = value;
  return (
    <article>
      <h2>
        {row.method}
        {row.arguments === '' ? '' : `(${row.arguments})`}
      </h2>
      <p>
        <a href={linkTo('entries', { tag: row.tag })}>{row.tag}</a> <StateMark state={row.state} />{' '}
        <a href={linkTo('lineage', { id })}>Lineage</a> <a href={linkTo('compare', { a: id })}>Compare</a>{' '}
        <Act
          ids={[id]}
          onDone={(verb) => {
            if (verb === 'clear') go('entries', { tag: row.tag });
          }}
        />
      </p>
      {reasons.map((reason) => (
        <p key={reason} class="reason">
          {reason}
        </p>
      ))}
      <ValueView key={id} id={id} version={row.computedAt} title={`${row.tag} ${row.method}`} />
      <div class="sections">
        <Section title="Record">
          <dl>{facts.map(([name, text]) => [<dt key={`${name} name`}>{name}</dt>, <dd key={name}>{text}</dd>])}</dl>
        </Section>
        <Section title="Made of" isEmpty={madeOf.length === 0}>
          <ul>
            {madeOf.map((each, i) => (
              <li key={i}>
                <Ingredient of={each} />
              </li>
            ))}
          </ul>
        </Section>
        <Section title="Used by" isEmpty={usedBy.length === 0}>
          <Entries of={usedBy} />
        </Section>
        <Section title="Code reaches" isEmpty={parts.length === 0}>
          <Parts of={parts} />
        </Section>
        <Section title="Versions" isEmpty={versions.length < 2}>
          <Entries of={versions} comparedTo={id} />
        </Section>
      </div>
    </article>
  );
}

function Section(props: { title: string; isEmpty?: boolean; children: ComponentChildren }): VNode | null {
  if (props.isEmpty === true) return null;
  return (
    <section>
      <h3>{props.title}</h3>
      {props.children}
    </section>
  );
}

function Ingredient({ of: { kind, name, state, detail, id } }: { of: IngredientRow }): VNode {
  return (
    <>
      <span class="kind">{kind}</span> {id === undefined ? name : <a href={linkTo('entry', { id })}>{name}</a>}{' '}
      <span class={`ingredient ${state}`}>{state}</span> <span class="quiet">{detail}</span>
    </>
  );
}

function Entries({ of: rows, comparedTo }: { of: readonly EntryRow[]; comparedTo?: string }): VNode {
  return (
    <ul>
      {rows.map(({ id, tag, method, arguments: args, state, seconds, computedAt }) => (
        <li key={id}>
          <StateMark state={state} />{' '}
          <a href={linkTo('entry', { id })}>{`${tag} ${method}${args === '' ? '' : `(${args})`}`}</a>{' '}
          <span class="quiet">
            {moment(computedAt)}, took {humanSeconds(seconds)}
          </span>{' '}
          {comparedTo !== undefined && comparedTo !== id && (
            <a href={linkTo('compare', { a: id, b: comparedTo })}>Compare</a>
          )}
        </li>
      ))}
    </ul>
  );
}

function Parts({ of: parts }: { of: readonly PartRow[] }): VNode {
  return (
    <ul>
      {parts.map(({ depth, name, value }, i) => (
        <li key={i} style={{ marginLeft: `${String(depth)}em` }}>
          {name} <code>{value}</code>
        </li>
      ))}
    </ul>
  );
}
