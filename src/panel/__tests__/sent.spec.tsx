import { act, render, screen, within } from '@testing-library/react';
import * as React from 'react';

import type { Attachment, NotebookContext } from '../../events';
import { Body } from '../body';
import { ServicesProvider } from '../services';
import { Conversation, Copilot, services } from './doubles';

const PIXELS = 'iVBORw0KGgo=';

const NOTHING: NotebookContext = {
  path: 'work/sales.ipynb',
  cells: [],
  active_cell_id: null,
  cells_left_out: 0,
  variables: [],
  variables_left_out: 0,
  note: ''
};

const attached = (fields: Partial<Attachment>): Attachment => ({
  kind: 'file',
  name: '',
  text: 'not for the eyes',
  mime: '',
  data: '',
  ...fields
});

async function show(
  attachments: Attachment[],
  context: Partial<NotebookContext> = {}
): Promise<void> {
  const copilot = new Copilot();
  copilot.current = new Conversation()
    .begin()
    .add({
      kind: 'user_message',
      message_id: 'm1',
      text: 'look at these',
      attachments,
      context: { ...NOTHING, ...context }
    })
    .doing('idle');
  render(
    <ServicesProvider value={services(copilot)}>
      <Body />
    </ServicesProvider>
  );
  await act(async () => undefined);
}

const list = () =>
  screen.queryByRole('list', { name: 'What went with the message' });

describe('a sent message', () => {
  it('names what of the notebook went along, as the message box does', async () => {
    await show([], {
      cells: [
        {
          cell_id: 'a',
          cell_type: 'code',
          source: 'x = 1',
          execution_count: 1,
          output: ''
        }
      ],
      variables: [
        { name: 'x', type: 'int', summary: '1', columns: [], rows: '' }
      ]
    });
    expect(list()?.textContent).toBe('sales.ipynbVariables');
  });

  it('shows images small and names all else, with no way to change it', async () => {
    await show([
      attached({ name: 'data/notes.txt' }),
      attached({ kind: 'variable', name: 'df["\u202ea"]' }),
      attached({
        kind: 'image',
        name: 'plot.png',
        mime: 'image/png',
        data: PIXELS
      })
    ]);
    const chips = within(list() as HTMLElement);
    expect(
      chips.getAllByRole('listitem').map(item => item.textContent)
    ).toEqual(['notes.txt', 'df["\\u202ea"]', '']);
    expect(chips.getByText('notes.txt').title).toBe('data/notes.txt');
    expect(chips.getByRole('img', { name: 'plot.png' })).toHaveProperty(
      'src',
      `data:image/png;base64,${PIXELS}`
    );
    expect(chips.queryByRole('button')).toBeNull();
  });

  it('fetches nothing for what only claims to be an image', async () => {
    await show([
      attached({
        kind: 'image',
        name: 'a.svg',
        mime: 'image/svg+xml',
        data: PIXELS
      }),
      attached({
        kind: 'image',
        name: 'b.png',
        mime: 'image/png',
        data: '"onload=x'
      })
    ]);
    expect(list()?.textContent).toBe('a.svgb.png');
    expect(list()?.querySelector('img')).toBeNull();
  });

  it('has no row for nothing', async () => {
    await show([]);
    expect(list()).toBeNull();
  });
});
