import { CommandRegistry } from '@lumino/commands';
import { act, fireEvent, render, screen, within } from '@testing-library/react';
import * as React from 'react';

import { NO_ARGUMENTS } from '../../commands';
import { CommandIDs } from '../../tokens';
import { Body } from '../body';
import type { IServices } from '../services';
import { ServicesProvider } from '../services';
import { Conversation, Copilot, drawAtOnce, services } from './doubles';
import { file, Material } from './material';

let copilot: Copilot;
let material: Material;
let given: IServices;

beforeAll(drawAtOnce);

beforeEach(() => {
  copilot = new Copilot();
  material = new Material();
  given = { ...services(copilot), material };
});

const settled = () =>
  act(async () => {
    await new Promise(done => setTimeout(done));
  });
const box = () =>
  screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });
const options = () => {
  const list = screen.queryByRole('listbox', { name: 'Suggestions' });
  return list ? within(list).getAllByRole('option') : [];
};
const rows = () => options().map(row => row.textContent ?? '');
const chip = (name: string) =>
  screen.getByRole('button', { name: `Show the model: ${name}` });

async function show(conversation: Conversation | null = null): Promise<void> {
  copilot.current = conversation;
  render(
    <ServicesProvider value={given}>
      <Body />
    </ServicesProvider>
  );
  await settled();
  act(() => box().focus());
}

async function write(text: string): Promise<void> {
  fireEvent.change(box(), { target: { value: text } });
  await settled();
}

async function press(
  key: string,
  init: KeyboardEventInit & { keyCode?: number } = {}
): Promise<void> {
  fireEvent.keyDown(box(), { key, ...init });
  await settled();
}

describe('what is offered after @', () => {
  it('is there at once but for the variables of a busy kernel, and says so', async () => {
    let answer = () => undefined as void;
    material.ready = new Promise(resolve => (answer = resolve));
    material.note = 'The kernel is busy.';
    await show();
    await write('@');
    expect(rows()).toEqual([
      'cell[2] total = 1',
      'notes.txt 20 B',
      'plot.png 30 B'
    ]);
    expect(screen.getByText('Reading the variables \u2026')).toBeTruthy();
    answer();
    await settled();
    expect(screen.getByText('No variables: The kernel is busy.')).toBeTruthy();
  });

  it('is what was known before, until newer is there', async () => {
    await show();
    await write('@');
    await write('');
    material.ready = new Promise(() => undefined);
    await write('@sal');
    expect(rows()).toEqual(['sales DataFrame']);
  });

  it('is chosen with the keyboard, and goes with the message', async () => {
    await show();
    await write('sum @');
    const marked = () =>
      document.getElementById(box().getAttribute('aria-activedescendant') ?? '')
        ?.textContent;
    expect(marked()).toBe('sales DataFrame');
    await press('ArrowUp');
    expect(marked()).toBe('plot.png 30 B');
    await press('ArrowDown');
    await press('Enter');
    expect(box().value).toBe('sum @sales ');
    expect(rows()).toEqual([]);
    await press('Enter');
    const none = { text: '', mime: '', data: '' };
    expect(copilot.calls('send')).toEqual([
      ['send', 'sum @sales', [{ kind: 'variable', name: 'sales', ...none }]]
    ]);
    expect(screen.queryByRole('button', { name: 'Remove sales' })).toBeNull();
  });

  it('is chosen with the mouse, switched off and removed', async () => {
    await show();
    for (const name of ['cell', 'not', 'sal']) {
      await write(`${box().value}@${name}`);
      fireEvent.click(options()[0]);
      await settled();
    }
    fireEvent.click(chip('sales'));
    fireEvent.click(screen.getByRole('button', { name: 'Remove notes.txt' }));
    await settled();
    expect(chip('sales').getAttribute('aria-pressed')).toBe('false');
    await press('Enter');
    const [[, , sent]] = copilot.calls('send');
    expect(sent).toMatchObject([
      {
        kind: 'cell',
        name: 'cell[2]',
        text: '# cell a (code, [2])\ntotal = 1\n# output of cell a\noutput of a'
      }
    ]);
  });

  it('goes with Escape, and does not come back for the same word', async () => {
    await show();
    await write('@s');
    await press('Escape');
    expect(rows()).toEqual([]);
    await write('@sa');
    expect(rows()).toEqual([]);
    await write('@sa and @sal');
    expect(rows()).toEqual(['sales DataFrame']);
  });

  it('is no hindrance to an input method, nor to a word that fits nothing', async () => {
    await show();
    await write('@s');
    await press('Enter', { isComposing: true });
    await press('Enter', { keyCode: 229 });
    expect(box().value).toBe('@s');
    await write('@nobody');
    await press('Enter');
    expect(copilot.calls('send')).toEqual([['send', '@nobody']]);
  });

  it('says before sending what cannot go along', async () => {
    material.found = [file('big.csv', 2_000_000), file('model.pkl', 10)];
    material.binaries = ['work/model.pkl'];
    await show();
    await write('@big');
    await press('Enter');
    await write(`${box().value}@model`);
    await press('Enter');
    expect(screen.getByText(/^big\.csv is larger than 1\.0 MB/)).toBeTruthy();
    expect(screen.getByText(/^model\.pkl is neither text/)).toBeTruthy();
    await press('Enter');
    expect(copilot.calls('send')).toEqual([['send', '@big.csv @model.pkl']]);
  });
});

describe('what goes with the message', () => {
  it('is kept with the draft when sending failed', async () => {
    copilot.failure = 'The kernel did not start.';
    await show();
    await write('@sal');
    await press('Enter');
    await press('Enter');
    expect(box().value).toBe('@sales ');
    expect(chip('sales').getAttribute('aria-pressed')).toBe('true');
  });

  it('is waited for when the message is sent before it was looked at', async () => {
    let look = () => undefined as void;
    const looked = new Promise<void>(resolve => (look = resolve));
    const { found } = material;
    material.file = () => looked.then(() => found[0]);
    await show();
    await write('@not');
    await press('Enter');
    await press('Enter');
    expect(copilot.calls('send')).toEqual([]);
    look();
    await settled();
    expect(copilot.calls('send')).toMatchObject([
      ['send', '@notes.txt', [{ kind: 'file', name: 'work/notes.txt' }]]
    ]);
  });

  it.each([
    [false, 1],
    [true, 0],
    [null, 0]
  ])(
    'says that images are not seen, where a model takes some: %j',
    async (vision, notes) => {
      const [choice] = copilot.status?.model.choices ?? [];
      const status = copilot.status as NonNullable<typeof copilot.status>;
      copilot.status = {
        ...status,
        model: { ...status.model, choices: [{ ...choice, vision }] }
      };
      await show();
      await write('@plot');
      await press('Enter');
      expect(screen.queryAllByText(/takes no images/)).toHaveLength(notes);
    }
  );
});

describe('what is offered after /', () => {
  it('is narrowed down, completed and carried out', async () => {
    const commands = new CommandRegistry();
    const asked: unknown[] = [];
    for (const id of [CommandIDs.fixCell, CommandIDs.explainCell]) {
      commands.addCommand(id, {
        describedBy: { args: NO_ARGUMENTS },
        execute: args => asked.push([id, args])
      });
    }
    given = { ...given, commands };
    await show();
    await write('/');
    expect(rows()).toHaveLength(6);
    await write('/f');
    await press('Enter');
    expect(box().value).toBe('');
    await write('/exp');
    await press('Tab');
    expect(box().value).toBe('/explain ');
    await write('/explain why');
    await press('Enter');
    const notebook = 'work/sales.ipynb';
    expect(asked).toEqual([
      [CommandIDs.fixCell, { notebook, words: '' }],
      [CommandIDs.explainCell, { notebook, words: 'why' }]
    ]);
    expect(copilot.calls('send')).toEqual([]);
  });

  it('is no command where there is none: that is said, and it can be sent', async () => {
    await show();
    await write('/tmp is full');
    await press('Enter');
    expect(screen.getByText(/^There is no command \/tmp\./)).toBeTruthy();
    expect(copilot.calls('send')).toEqual([]);
    await press('Enter');
    await write('/data/x.csv is broken');
    await press('Enter');
    expect(copilot.calls('send').map(([, text]) => text)).toEqual([
      '/tmp is full',
      '/data/x.csv is broken'
    ]);
  });

  it.each([
    ['/export', 'There is nothing to save yet: the conversation is empty.'],
    ['/model gpt', 'There is no model gpt. Connect it first.'],
    ['/fix', 'Open a notebook first.']
  ])('keeps %j and says why it cannot be done', async (text, words) => {
    await show();
    await write(`${text} `);
    await press('Enter');
    expect(screen.getByText(words)).toBeTruthy();
    expect(box().value.trim()).toBe(text);
  });

  it('saves, chooses a model and begins anew', async () => {
    await show(new Conversation().begin().end('answered', { answer: 'x' }));
    await write('/export markdown');
    await press('Enter');
    await write('/model SCRIPT');
    await press('Enter');
    expect(screen.getByText('scripted answers from now on.')).toBeTruthy();
    await write('/new hello');
    await press('Enter');
    expect(box().value).toBe('hello');
    expect(copilot.asked).toEqual([
      ['download', 'c1', 'markdown'],
      ['choose', 'test'],
      ['newConversation']
    ]);
  });
});

it('brings back what was sent with Up', async () => {
  await show(new Conversation().begin('first').end('stopped').doing('idle'));
  await press('ArrowUp');
  expect(box().value).toBe('first');
  await press('ArrowDown');
  expect(box().value).toBe('');
});

it.each<[string, (talk: Conversation) => Conversation, RegExp]>([
  ['runs', talk => talk.doing('running_cell'), /running step/],
  ['waits', talk => talk.doing('waiting_for_approval'), /waits for you/],
  ['rests', talk => talk.end('stopped').doing('idle'), /Working in sales/]
])('says in the empty box that the agent %s', async (_, doing, words) => {
  await show(doing(new Conversation().begin()));
  expect(box().placeholder).toMatch(words);
});
