/** All about an entry but its value. */
import { dirname } from 'node:path';
import { humanBytes, humanSeconds } from '../../base/text/human.js';
import { moment } from '../../cli/terminal/moment.js';
import { ingredientsOf } from '../../cli/choose/standing.js';
import type { Part } from '../../code/part/code.js';
import { nameOfPart } from '../../code/part/difference.js';
import { entryName } from '../../method/state/use-name.js';
import { readRecordText } from '../../store/record/read-text.js';
import { parseRecord, type EntryRecord } from '../../store/record/record.js';
import { tmpdirOfTraced } from '../../store/record/traced.js';
import { withoutVersion } from '../../store/entry/versions.js';
import type { EntryMessage, Fact, PartRow } from '../contract/messages.js';
import type { Row } from '../watch/row.js';
import { entryRow } from '../watch/states.js';
import type { Watch } from '../watch/watch.js';

const MOST_USERS = 200;

export function entryOf(watch: Watch, row: Row): EntryMessage {
  const { states } = watch.now();
  const record = recordOf(row);
  const tmpdir = dirname(row.folder.path);
  const { reason } = states.of(row);
  const standing = record === undefined ? [] : ingredientsOf(record, tmpdir);
  return {
    row: entryRow(row, states),
    facts: record === undefined ? [['record', `${row.place.stem}.json`]] : factsOf(row, record),
    reasons: reason === '' ? [] : [reason],
    parts: record === undefined ? [] : partsOf(record),
    madeOf: standing.map((each, i) => {
      const item = record?.trace[i];
      const used =
        item && 'call' in item ? states.named(entryName(tmpdirOfTraced(item, tmpdir), item.call)) : undefined;
      return { ...each, ...(used !== undefined && { id: used.id }) };
    }),
    usedBy: states
      .usersOf(row)
      .slice(0, MOST_USERS)
      .map((user) => entryRow(user, states)),
    versions: versionsOf(watch, row).map((each) => entryRow(each, states)),
  };
}

/** What is on disk now; nothing where it is damaged, or another's. */
function recordOf({ place, stored }: Row): EntryRecord | undefined {
  return stored === 'foreign' ? undefined : parseRecord(readRecordText(`${place.stem}.json`) ?? '');
}

function versionsOf(watch: Watch, row: Row): Row[] {
  const name = withoutVersion(row.id);
  const found = [...watch.rows.values()].filter(
    ({ id }) => id === name || (id.startsWith(`${name}~`) && withoutVersion(id) === name),
  );
  return found.sort((one, other) => other.computedAt - one.computedAt);
}

function factsOf(row: Row, record: EntryRecord): Fact[] {
  const { dtype, bytes, file, seconds, computedAt, expiresAt, user, host, node, stowage, generation, state } = record;
  const facts: [string, string | undefined][] = [
    ['arguments', record.arguments?.preview],
    ['value', row.value],
    ['dtype', dtype],
    ['codec', record.codec],
    ['size', `${humanBytes(bytes)} in ${file ?? 'its record'}`],
    ['took', humanSeconds(seconds)],
    ['computed', `${moment(computedAt)} by ${user} on ${host}, Node ${node}, stowage ${stowage}`],
    ['holds until', expiresAt === undefined ? undefined : moment(expiresAt)],
    ['state of the analyzer', state && JSON.stringify(state)],
    ['code', record.codeSeen?.digest ?? record.code],
    ['generation', generation === 0 ? undefined : String(generation)],
    ['digest', record.digest],
    ['record', `${row.place.stem}.json`],
  ];
  return facts.filter((fact): fact is Fact => fact[1] !== undefined && fact[1] !== '');
}

function partsOf({ codeSeen }: EntryRecord): PartRow[] {
  const rows: PartRow[] = [];
  const add = (parts: readonly Part[], depth: number): void => {
    for (const part of parts) {
      rows.push({ depth, name: nameOfPart(part), value: part.value ?? '' });
      add(part.parts ?? [], depth + 1);
    }
  };
  add(codeSeen?.parts ?? [], 0);
  for (const name of codeSeen?.opaque ?? []) rows.push({ depth: 0, name: `not looked into: ${name}`, value: '' });
  return rows;
}
