import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';

import type { Event } from '../../events';
import { emptyState, fold } from '../fold';

const JOURNALS = join(__dirname, '../../../jupyter_codeact/tests/journals');

const names = readdirSync(JOURNALS)
  .filter(name => name.endsWith('.jsonl'))
  .map(name => name.slice(0, -'.jsonl'.length));

function eventsOf(name: string): Event[] {
  return readFileSync(join(JOURNALS, `${name}.jsonl`), 'utf-8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => JSON.parse(line) as Event);
}

describe('fold', () => {
  it('has golden journals to be compared on', () => {
    expect(names.length).toBeGreaterThan(0);
  });

  it.each(names)('makes of %s what Python makes of it', name => {
    const golden = readFileSync(join(JOURNALS, `${name}.state.json`), 'utf-8');
    expect(fold(eventsOf(name))).toStrictEqual(JSON.parse(golden));
  });

  it('makes an empty state of no events', () => {
    expect(fold([])).toStrictEqual(emptyState());
  });

  it('takes a title from the first message as Python does', () => {
    const message = (text: string): Event => ({
      seq: 1,
      time: '2026-01-01T00:00:00Z',
      kind: 'user_message',
      message_id: 'm',
      text,
      attachments: [],
      context: {
        path: '',
        cells: [],
        active_cell_id: null,
        cells_left_out: 0,
        variables: [],
        variables_left_out: 0,
        note: ''
      }
    });
    const titleOf = (text: string) => fold([message(text)]).title;
    expect(titleOf('  what\u00a0drives\x1f\n late ')).toBe('what drives late');
    expect(titleOf('\ufeffa')).toBe('\ufeffa');
    expect(titleOf('😀'.repeat(70))).toBe('😀'.repeat(60));
  });

  it('refuses an output of a cell that was never submitted', () => {
    const event: Event = {
      seq: 1,
      time: '',
      kind: 'cell_output',
      cell_id: 'none',
      op: 'clear',
      index: 0,
      output: null
    };
    expect(() => fold([event])).toThrow('none');
  });
});
