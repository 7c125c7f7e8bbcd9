import {
  act,
  fireEvent,
  render,
  screen,
  waitFor
} from '@testing-library/react';
import * as React from 'react';

import type { ISummary } from '../../tokens';
import { Body } from '../body';
import type { IServices } from '../services';
import { ServicesProvider } from '../services';
import { Copilot, services } from './doubles';

let copilot: Copilot;
let given: IServices;

const settled = () => act(async () => undefined);
const after = (ms: number) =>
  act(async () => void (await jest.advanceTimersByTimeAsync(ms)));
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const title = (name: string) =>
  button(new RegExp(`^${name}`)) as HTMLButtonElement;
const box = () =>
  screen.getByRole<HTMLInputElement>('searchbox', {
    name: 'Search titles and messages'
  });

async function click(name: string | RegExp): Promise<void> {
  fireEvent.click(button(name));
  await settled();
}

async function press(key: string): Promise<void> {
  fireEvent.keyDown(document.activeElement!, { key });
  await settled();
}

function row(id: string, name: string, more: Partial<ISummary> = {}): ISummary {
  return {
    conversation_id: id,
    title: name,
    notebook_path: 'work/sales.ipynb',
    started_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-01T00:00:00Z',
    live: false,
    branched_from: '',
    ...more
  };
}

async function show(): Promise<void> {
  render(
    <ServicesProvider value={given}>
      <Body />
    </ServicesProvider>
  );
  await waitFor(() => expect(copilot.calls('list')).not.toHaveLength(0));
  await settled();
}

beforeEach(() => {
  copilot = new Copilot();
  given = services(copilot);
  given.panel.view = 'history';
  copilot.rows = [row('c7', 'late deliveries'), row('c8', 'prices of tea')];
});

describe('history', () => {
  it('lists this notebook, or all, and opens', async () => {
    await show();
    expect(copilot.calls('list')).toEqual([['list', false, '']]);
    expect(screen.getByRole('status').textContent).toBe('2 conversations');
    fireEvent.click(screen.getByLabelText('All notebooks'));
    await waitFor(() =>
      expect(copilot.calls('list')).toContainEqual(['list', true, ''])
    );
    await settled();
    await click(/^late deliveries/);
    expect(copilot.calls('open')).toEqual([['open', 'c7']]);
    expect(given.panel.view).toBe('conversation');
  });

  it('searches once the user pauses, and says what was found where', async () => {
    copilot.rows = [
      row('c7', 'late deliveries', { found: 'the late <b>lorries' })
    ];
    await show();
    for (const search of ['l', 'la', ' late ']) {
      fireEvent.change(box(), { target: { value: search } });
    }
    await waitFor(() => expect(copilot.calls('list')).toHaveLength(2));
    expect(copilot.calls('list')[1]).toEqual(['list', false, 'late']);
    expect(await screen.findByText('the late <b>lorries')).toBeTruthy();
    fireEvent.change(box(), { target: { value: 'coffee' } });
    expect(
      await screen.findByText('No conversation has all these words.')
    ).toBeTruthy();
  });

  it('takes no answer to a question that was asked before', async () => {
    await show();
    const answers: ((rows: ISummary[]) => void)[] = [];
    copilot.history.list = () =>
      new Promise(resolve => void answers.push(resolve));
    fireEvent.change(box(), { target: { value: 'late' } });
    await waitFor(() => expect(answers).toHaveLength(1));
    fireEvent.change(box(), { target: { value: 'tea' } });
    await waitFor(() => expect(answers).toHaveLength(2));
    answers[1]([copilot.rows[1]]);
    answers[0]([copilot.rows[0]]);
    await settled();
    expect(screen.queryByText('late deliveries')).toBeNull();
    expect(screen.getByText('prices of tea')).toBeTruthy();
  });

  it.each([
    ['Enter', [['rename', 'c7', 'Late ones']]],
    ['Escape', []]
  ])('renames in place, and %s ends it', async (key, expected) => {
    await show();
    title('late deliveries').focus();
    await press('F2');
    const field = screen.getByRole<HTMLInputElement>('textbox', {
      name: 'Title'
    });
    expect(document.activeElement).toBe(field);
    fireEvent.change(field, { target: { value: ' Late ones ' } });
    await press(key);
    expect(copilot.calls('rename')).toEqual(expected);
    expect(document.activeElement).toBe(title('late deliveries'));
  });

  it('takes a new title when the field is left, but no empty one', async () => {
    await show();
    for (const wanted of ['Late ones', '  ']) {
      await click('Rename "late deliveries"');
      const field = screen.getByRole('textbox', { name: 'Title' });
      fireEvent.change(field, { target: { value: wanted } });
      fireEvent.blur(field);
      await settled();
    }
    expect(copilot.calls('rename')).toEqual([['rename', 'c7', 'Late ones']]);
  });

  it('deletes at once, and undoes it', async () => {
    await show();
    const [late, tea] = copilot.rows;
    copilot.rows = [tea];
    title('late deliveries').focus();
    await press('Delete');
    expect(copilot.calls('remove')).toEqual([['remove', 'c7']]);
    expect(screen.queryByText('late deliveries')).toBeNull();
    expect(
      screen.getByText(
        'Deleted "late deliveries". The notebook keeps its cells.'
      )
    ).toBeTruthy();
    expect(document.activeElement).toBe(button('Undo'));
    copilot.rows = [late, tea];
    await click('Undo');
    expect(copilot.calls('restore')).toEqual([['restore', 'c7']]);
    expect(screen.queryByText(/^Deleted/)).toBeNull();
    expect(document.activeElement).toBe(title('late deliveries'));
  });

  it('offers to undo for some seconds, and as long as that has the focus', async () => {
    await show();
    jest.useFakeTimers();
    try {
      await click('Delete "late deliveries"');
      await after(60_000);
      expect(screen.queryByText(/^Deleted/)).not.toBeNull();
      act(() => box().focus());
      await after(9_000);
      expect(screen.queryByText(/^Deleted/)).not.toBeNull();
      await after(2_000);
      expect(screen.queryByText(/^Deleted/)).toBeNull();
    } finally {
      jest.useRealTimers();
    }
  });

  it('keeps what could not be deleted, in words', async () => {
    await show();
    copilot.failure = 'A run is live in this conversation. Stop it first.';
    await click('Delete "late deliveries"');
    expect(screen.getByRole('alert').textContent).toBe(copilot.failure);
    expect(screen.queryByText(/^Deleted/)).toBeNull();
    expect(title('late deliveries')).toBeTruthy();
  });

  it('is walked with the arrow keys', async () => {
    await show();
    box().focus();
    await press('ArrowDown');
    expect(document.activeElement).toBe(title('late deliveries'));
    await press('ArrowDown');
    expect(document.activeElement).toBe(title('prices of tea'));
    await press('ArrowDown');
    await press('Home');
    expect(document.activeElement).toBe(title('late deliveries'));
    await press('End');
    await press('ArrowUp');
    expect(document.activeElement).toBe(title('late deliveries'));
  });

  it('saves a conversation in the form chosen from a menu', async () => {
    await show();
    await click('Export "late deliveries"');
    const items = screen.getAllByRole('menuitem');
    expect(items.map(item => item.textContent)).toEqual([
      expect.stringContaining('Notebook'),
      expect.stringContaining('Markdown'),
      expect.stringContaining('Journal'),
      expect.stringContaining('OpenAI'),
      expect.stringContaining('CodeActInstruct')
    ]);
    fireEvent.keyDown(document.activeElement!, {
      key: 'ArrowDown',
      keyCode: 40
    });
    fireEvent.keyDown(document.activeElement!, { key: 'Enter', keyCode: 13 });
    await waitFor(() =>
      expect(copilot.calls('download')).toEqual([
        ['download', 'c7', 'markdown']
      ])
    );
    expect(screen.queryAllByRole('menuitem')).toEqual([]);
    expect(document.activeElement).toBe(button('Export "late deliveries"'));
  });

  it('leaves the menu without a choice, and says why a file cannot be had', async () => {
    await show();
    await click('Export "late deliveries"');
    fireEvent.keyDown(document.activeElement!, { key: 'Escape', keyCode: 27 });
    expect(screen.queryAllByRole('menuitem')).toEqual([]);
    expect(copilot.calls('download')).toEqual([]);
    copilot.failure = 'c7.jsonl, line 3: damaged';
    await click('Export "late deliveries"');
    fireEvent.keyDown(document.activeElement!, { key: 'Enter', keyCode: 13 });
    await screen.findByText('c7.jsonl, line 3: damaged');
  });
});
