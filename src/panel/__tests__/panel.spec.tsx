import { act, fireEvent, render, screen, within } from '@testing-library/react';
import * as React from 'react';

import { Body } from '../body';
import type { IServices } from '../services';
import { ServicesProvider } from '../services';
import { Conversation, Copilot, drawAtOnce, services } from './doubles';

let copilot: Copilot;
let given: IServices;

beforeAll(drawAtOnce);

beforeEach(() => {
  copilot = new Copilot();
  given = services(copilot);
});

async function show(conversation: Conversation | null = null): Promise<void> {
  copilot.current = conversation;
  render(
    <ServicesProvider value={given}>
      <Body />
    </ServicesProvider>
  );
  await settled();
}

const settled = () => act(async () => undefined);
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const box = () =>
  screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' });

async function click(name: string | RegExp): Promise<void> {
  fireEvent.click(button(name));
  await settled();
}

async function write(text: string): Promise<void> {
  fireEvent.change(box(), { target: { value: text } });
  await settled();
}

async function press(init: KeyboardEventInit & { keyCode?: number }) {
  fireEvent.keyDown(box(), { key: 'Enter', ...init });
  await settled();
}

describe('the composer', () => {
  it('names the notebook and sends on Enter', async () => {
    await show();
    expect(box().placeholder).toContain('sales.ipynb');
    await write('what is here?');
    await press({});
    expect(copilot.calls('send')).toEqual([['send', 'what is here?']]);
    expect(box().value).toBe('');
  });

  it.each<[string, KeyboardEventInit & { keyCode?: number }]>([
    ['Shift + Enter', { shiftKey: true }],
    ['Enter that ends a composition', { isComposing: true }],
    ['Enter taken by an input method', { keyCode: 229 }]
  ])('does not send on %s', async (_, init) => {
    await show();
    await write('\u65e5\u672c');
    await press(init);
    expect(copilot.calls('send')).toEqual([]);
    expect(box().value).toBe('\u65e5\u672c');
  });

  it('shows what is typed at once, so that no key is lost', async () => {
    await show();
    fireEvent.change(box(), { target: { value: 'w' } });
    expect(box().value).toBe('w');
  });

  it('does not send white space', async () => {
    await show();
    await write('  \n');
    await press({});
    expect(copilot.calls('send')).toEqual([]);
  });

  it('keeps the draft and says why when sending failed', async () => {
    copilot.failure = 'The kernel did not start.\nTraceback';
    await show();
    await write('what is here?');
    await press({});
    expect(box().value).toBe('what is here?');
    expect(screen.getByRole('alert').textContent?.trim()).toBe(
      'The kernel did not start.'
    );
  });

  it('is closed, with words, while the server extension does not answer', async () => {
    copilot.problem = 'The server extension does not answer.';
    await show();
    expect(box().disabled).toBe(true);
    expect(screen.getByRole('alert').textContent).toContain('does not answer');
    await click('Look again');
    expect(copilot.calls('refreshStatus')).toHaveLength(1);
  });

  it('steers and stops a live run, and says so at once', async () => {
    await show(new Conversation().begin().doing('waiting_for_model'));
    await write('use Region');
    await press({});
    expect(copilot.calls('send')).toEqual([['send', 'use Region']]);
    let stopped = () => undefined as void;
    copilot.stop = () => new Promise<void>(resolve => (stopped = resolve));
    await click('Stop');
    expect(button(/Stopping/)).toHaveProperty('disabled', true);
    stopped();
    await settled();
  });

  it('has no Stop while nothing runs', async () => {
    await show(
      new Conversation().begin().step(1, 'x').end('stopped').doing('idle')
    );
    expect(screen.queryByRole('button', { name: 'Stop' })).toBeNull();
    expect(screen.getByText('1.0k tokens')).toBeTruthy();
  });
});

describe('what the model is shown', () => {
  const chip = (name: string) => button(`Show the model: ${name}`);
  const pressed = (name: string) => chip(name).getAttribute('aria-pressed');

  it('is switched by a chip each', async () => {
    await show();
    expect([pressed('sales.ipynb'), pressed('Variables')]).toEqual([
      'true',
      'true'
    ]);
    await click('Show the model: sales.ipynb');
    expect(copilot.context).toEqual({ notebook: false, variables: true });
    await click('Show the model: Variables');
    expect(copilot.context).toEqual({ notebook: false, variables: false });
    expect(pressed('sales.ipynb')).toBe('false');
    expect(chip('sales.ipynb').title).toContain('not shown');
    await click('Show the model: sales.ipynb');
    expect(copilot.context).toEqual({ notebook: true, variables: false });
  });

  it('is nothing without a notebook', async () => {
    copilot.binding = null;
    await show();
    expect(screen.queryByRole('group', { name: /model is shown/ })).toBeNull();
  });
});

describe('a step', () => {
  const card = () => screen.getByRole('region', { name: /^Step 1/ });

  it('has a green check only after the kernel said ok', async () => {
    const conversation = new Conversation().begin().doing('running_cell');
    conversation.reply(1, '```\n# Load\nx\n```').submit(1, 'x = 1');
    await show(conversation);
    expect(screen.getByRole('img', { name: 'Running' })).toBeTruthy();
    expect(screen.queryByRole('img', { name: 'Done' })).toBeNull();
    conversation.finish(1, 'ok');
    await settled();
    expect(screen.getByRole('img', { name: 'Done' })).toBeTruthy();
    expect(card().textContent).toContain('[1]');
    expect(card().textContent).toContain('0.8 s');
  });

  it('shows the beginning of a word of a megabyte, without looking for addresses in it', async () => {
    const word = 'y'.repeat(1_000_000);
    await show(new Conversation().begin().reply(1, `Look:\n\n${word}`));
    const prose = document.querySelector('.jp-CodeAct-prose');
    expect(prose?.lastElementChild?.innerHTML).toBe(
      `${word.slice(0, 10_000)} (990000 more characters are not shown)`
    );
  });

  it('folds its code when done and shows it on demand', async () => {
    await show(new Conversation().begin().step(1, '# Load\nx = 41'));
    expect(card().textContent).not.toContain('x = 41');
    await click('Show code');
    expect(card().textContent).toContain('x = 41');
  });

  it('shows a failure in one line', async () => {
    const conversation = new Conversation().begin().reply(1, '```\nx\n```');
    conversation.submit(1, 'x').output(1, {
      output_type: 'error',
      ename: 'NameError',
      evalue: "name 'x' is not defined",
      traceback: []
    });
    await show(conversation.finish(1, 'error'));
    expect(card().textContent).toContain("NameError: name 'x' is not defined");
    expect(screen.getByRole('img', { name: 'Failed' })).toBeTruthy();
  });

  it('shows outputs as they come', async () => {
    const conversation = new Conversation().begin().doing('running_cell');
    conversation.reply(1, '```\nx\n```').submit(1, 'x');
    await show(conversation);
    conversation.output(1, {
      output_type: 'stream',
      name: 'stdout',
      text: 'half way'
    });
    await settled();
    await settled();
    expect(card().querySelector('.jp-OutputArea')?.textContent).toContain(
      'half way'
    );
  });

  it('trusts outputs only when the user says so', async () => {
    const conversation = new Conversation().begin().step(1, 'x');
    conversation.output(1, {
      output_type: 'display_data',
      metadata: {},
      data: {
        'text/html': '<script>window.trap = 1</script>',
        'text/plain': 'x'
      }
    });
    await show(conversation);
    expect(card().querySelector('[data-trusted]')).toBeNull();
    await click('Trust outputs');
    expect(conversation.trusted).toBe(true);
    expect(card().querySelector('[data-trusted]')).not.toBeNull();
  });

  it('says what the model saw, and what it did not', async () => {
    await show(
      new Conversation()
        .begin()
        .step(1, 'x')
        .add({
          kind: 'observation_made',
          step: 1,
          text: 'cell 1, 0.8 s, ok',
          images: [{ cell_id: 'k1', output: 0, mime: 'image/png' }],
          left_out: ['212 characters']
        })
    );
    const details = card().querySelector('details');
    expect(details?.textContent).toBe('What the model saw');
    fireEvent.click(screen.getByText('What the model saw'));
    expect(details?.textContent).toContain('cell 1, 0.8 s, ok');
    expect(details?.textContent).toContain('Image 1: image/png');
    expect(details?.textContent).toContain('Left out: 212 characters');
  });

  it('shows the images that the model was shown', async () => {
    const conversation = new Conversation().begin().step(1, 'x');
    conversation.output(1, {
      output_type: 'display_data',
      metadata: {},
      data: { 'image/png': 'iVBO\nRw0K', 'image/svg+xml': '<svg/>' }
    });
    const images = ['image/png', 'image/svg+xml'].map(mime => ({
      cell_id: 'k1',
      output: 0,
      mime
    }));
    conversation.add({
      kind: 'observation_made',
      step: 1,
      text: 'ok',
      images,
      left_out: []
    });
    await show(conversation);
    fireEvent.click(screen.getByText('What the model saw'));
    const shown = screen.getByAltText('Image 1: image/png');
    expect(shown.getAttribute('src')).toBe('data:image/png;base64,iVBORw0K');
    expect(screen.getByText('Image 2: image/svg+xml')).toBeTruthy();
  });

  it('keeps unfolded what the reader reads when the cell is done', async () => {
    const conversation = new Conversation().begin().doing('running_cell');
    conversation.reply(1, '```\nx\n```').submit(1, '# Load\nx = 41');
    await show(conversation);
    const log = screen.getByRole('log');
    const size = { scrollHeight: 2000, clientHeight: 500, scrollTop: 900 };
    for (const [name, value] of Object.entries(size)) {
      Object.defineProperty(log, name, { value, configurable: true });
    }
    fireEvent.scroll(log);
    Object.defineProperty(log, 'scrollTop', { value: 100, writable: true });
    fireEvent.scroll(log);
    expect(button('Jump to latest')).toBeTruthy();
    conversation.finish(1, 'ok');
    await settled();
    expect(screen.getByRole('img', { name: 'Done' })).toBeTruthy();
    expect(card().textContent).toContain('x = 41');
    await click('Hide code');
    expect(card().textContent).not.toContain('x = 41');
  });

  it('goes to its cell, or says that it is gone', async () => {
    await show(new Conversation().begin().step(1, 'x'));
    await click('Go to the cell');
    expect(copilot.calls('goToCell')).toEqual([['goToCell', 'k1']]);
    expect(button('The cell is not in the notebook any more')).toHaveProperty(
      'disabled',
      true
    );
  });
});

describe('approval', () => {
  const proposal = () =>
    new Conversation()
      .begin()
      .reply(1, 'Clean up.\n\n```python\nrm()\n```')
      .propose(1, 'rm()', ['deletes files'])
      .doing('waiting_for_approval');
  const code = () =>
    screen.getByRole<HTMLTextAreaElement>('textbox', {
      name: 'Proposed code, editable; Escape leaves it'
    });

  it('names the risks and approves what stands in the notebook', async () => {
    await show(proposal());
    expect(screen.getByText('deletes files')).toBeTruthy();
    await click('Run');
    expect(copilot.calls('approve')).toEqual([
      ['approve', 1, undefined, false]
    ]);
  });

  it('approves what was edited here', async () => {
    await show(proposal());
    fireEvent.change(code(), { target: { value: 'ls()' } });
    await click('Run as edited');
    expect(copilot.calls('approve')).toEqual([['approve', 1, 'ls()', false]]);
  });

  it('approves by keyboard', async () => {
    await show(proposal());
    fireEvent.keyDown(code(), { key: 'Enter', ctrlKey: true });
    await settled();
    expect(copilot.calls('approve')).toHaveLength(1);
  });

  it('lets the keyboard leave the editor', async () => {
    await show(proposal());
    code().focus();
    fireEvent.keyDown(code(), { key: 'Escape' });
    expect(document.activeElement).toBe(button('Run'));
  });

  it('rejects with a note', async () => {
    await show(proposal());
    await click('Reject');
    fireEvent.change(screen.getByLabelText('Why not, or what instead'), {
      target: { value: 'keep them' }
    });
    await click('Reject');
    expect(copilot.calls('reject')).toEqual([['reject', 1, 'keep them']]);
  });

  it('runs all from now on once the user has agreed', async () => {
    await show(proposal());
    await click('Run all in this conversation');
    expect(screen.getByRole('alertdialog').textContent).toContain('reloaded');
    await click('Keep asking');
    expect(screen.queryByRole('alertdialog')).toBeNull();
    expect(copilot.calls('approve')).toEqual([]);
    await click('Run all in this conversation');
    await click('Run without asking');
    expect(copilot.calls('approve')).toEqual([['approve', 1, undefined, true]]);
  });

  it('asks once a conversation whether all may run', async () => {
    copilot.bypassAgreed = true;
    await show(proposal());
    await click('Run all in this conversation');
    expect(copilot.calls('approve')).toEqual([['approve', 1, undefined, true]]);
  });

  it('writes out what nobody sees', async () => {
    await show(
      new Conversation()
        .begin()
        .reply(1, 'Look.')
        .propose(1, 'ok = 1\nadm\u200bin = 2', ['holds invisible characters'])
        .doing('waiting_for_approval')
    );
    expect(screen.getAllByText('holds invisible characters')).toHaveLength(1);
    expect(screen.getByText('adm\\u200bin = 2')).toBeTruthy();
  });

  it('writes out what nobody sees in the code of a step, too', async () => {
    const ran = new Conversation().begin().step(1, 'adm\u200bin = 2');
    await show(ran.end('answered', { answer: 'Done.' }).doing('idle'));
    await click('Show code');
    const shown = screen.getAllByText('adm\\u200bin = 2');
    expect(shown.map(each => each.localName)).toEqual(['span', 'code']);
  });

  it('does not offer what the administrator forbids', async () => {
    if (copilot.status) {
      copilot.status = { ...copilot.status, approval_floor: 'ask' };
    }
    await show(proposal());
    expect(screen.queryByText('Run all in this conversation')).toBeNull();
    const approvals = screen.getByRole('combobox', {
      name: 'Approval of cells'
    });
    expect(
      within(approvals)
        .getAllByRole('option')
        .map(option => option.textContent)
    ).toEqual(['Ask before running']);
  });
});

describe('the approval of cells', () => {
  const select = () =>
    screen.getByRole<HTMLSelectElement>('combobox', {
      name: 'Approval of cells'
    });
  const choose = async (value: string) => {
    fireEvent.change(select(), { target: { value } });
    await settled();
  };

  it('runs without asking only after the user has agreed', async () => {
    await show(new Conversation().begin().end('answered'));
    await choose('auto');
    expect(select().value).toBe('ask');
    await click('Keep asking');
    expect(copilot.approval).toBe('ask');
    await choose('auto');
    await click('Run without asking');
    expect(copilot.approval).toBe('auto');
    expect(select().className).toContain('jp-mod-armed');
    expect(screen.queryByRole('alertdialog')).toBeNull();
  });

  it('takes the other modes at once', async () => {
    await show();
    await choose('ask-if-risky');
    expect(copilot.approval).toBe('ask-if-risky');
    expect(select().className).not.toContain('jp-mod-armed');
  });

  it('is no bypass for the offline analyst', async () => {
    if (copilot.status) {
      const choices = [{ name: 'offline', model: 'Analyst', offline: true }];
      const model = { ...copilot.status.model, choices };
      copilot.status = { ...copilot.status, model };
    }
    copilot.choose('offline');
    copilot.approval = 'auto';
    await show();
    expect(copilot.answering?.offline).toBe(true);
    expect(select().className).not.toContain('jp-mod-armed');
  });

  it('says so while a live run does not ask', async () => {
    await show(
      new Conversation()
        .begin()
        .reply(1, 'Look.')
        .propose(1, 'x')
        .add({
          kind: 'approval_decided',
          decision_id: 'd',
          step: 1,
          decision: 'approve',
          source: '',
          note: '',
          approval_from_now: 'auto'
        })
        .doing('running_cell')
    );
    expect(select().className).toContain('jp-mod-armed');
    expect(select().title).toContain('this run does not ask');
  });
});

describe('the end of a run', () => {
  it.each([
    ['limit', 'The limit of 25 steps was reached.', 'Continue (25 more steps)'],
    ['failed', 'connection refused', 'Try again']
  ] as const)('says why for %s, and goes on', async (reason, detail, label) => {
    await show(new Conversation().begin().step(1, 'x').end(reason, { detail }));
    expect(screen.getByText(detail)).toBeTruthy();
    await click(label);
    expect(copilot.calls('continue')).toEqual([['continue', 25]]);
  });

  it('says what it did and cost below the answer', async () => {
    const price = { prompt: 2, completion: 20, cached: null };
    await show(
      new Conversation()
        .begin('what is here?', 'r1', price)
        .step(1, 'x', 'error')
        .step(2, 'y')
        .reply(3, 'It is done.')
        .end('answered', { answer: 'It is done.' })
        .doing('idle')
    );
    expect(
      screen.getByText('2 cells, 1 fixed, 4.7 s, 3.0k tokens, $0.011')
    ).toBeTruthy();
    expect(screen.getAllByText('It is done.')).toHaveLength(1);
  });

  it('says what the model was told when it went in circles', async () => {
    await show(
      new Conversation()
        .begin()
        .step(1, 'x')
        .add({ kind: 'model_nudged', step: 1, text: 'Do something else.' })
    );
    expect(
      screen.getByText('The model was told: Do something else.')
    ).toBeTruthy();
  });

  it('says who stopped it', async () => {
    await show(new Conversation().begin().end('stopped'));
    expect(screen.getByText('Stopped by you.')).toBeTruthy();
  });

  it('says that a run was cut, and goes on', async () => {
    await show(new Conversation().begin().step(1, 'x').doing('idle'));
    expect(screen.getByText(/The run was interrupted/)).toBeTruthy();
    expect(button(/Continue/)).toBeTruthy();
  });
});

describe('the activity line', () => {
  it('says what goes on, in words, with the budget', async () => {
    const conversation = new Conversation().begin().step(1, 'x');
    await show(
      conversation.doing('waiting_for_model', 'retrying 1/4 in 1.2 s')
    );
    expect(screen.getByText('Waiting for scripted')).toBeTruthy();
    expect(screen.getByText('retrying 1/4 in 1.2 s')).toBeTruthy();
    expect(screen.getByText(/step 2 of 25/)).toBeTruthy();
  });

  it.each([
    [0, 'retrying 1/4 in 20.0 s: HOST is busy'],
    [15, 'retrying 1/4 in 5 s: HOST is busy'],
    [40, 'retrying 1/4 now: HOST is busy']
  ])('after %s s of waiting counts down to: %s', async (passed, said) => {
    const conversation = new Conversation().begin();
    conversation.activity = {
      kind: 'activity',
      state: 'waiting_for_model',
      since: new Date(Date.now() - passed * 1000).toISOString(),
      detail: 'retrying 1/4 in 20.0 s: HOST is busy',
      told_seq: 0,
      retry_seconds: 20
    };
    await show(conversation);
    expect(screen.getByText(said)).toBeTruthy();
  });

  it('offers to ask a deaf cell again, or to restart its kernel', async () => {
    const conversation = new Conversation().begin().step(1, 'x');
    conversation.add({ kind: 'stop_requested', stop_id: 's' });
    await show(conversation.doing('interrupt_ignored'));
    expect(
      screen.getByText('The cell does not react to interrupts')
    ).toBeTruthy();
    expect(screen.getByText(/You can wait, interrupt it again/)).toBeTruthy();
    await click('Interrupt again');
    await click('Restart the kernel');
    expect(copilot.calls('stop').length).toBe(1);
    expect(copilot.calls('restartKernel').length).toBe(1);
  });

  it('keeps what came of a reply that was cut off, and says that it is void', async () => {
    const conversation = new Conversation().begin();
    conversation.partial = { step: 1, text: 'I will', reasoning: '' };
    conversation.partial.voided = true;
    await show(conversation.doing('waiting_for_model', 'retrying 1/4 in 1 s'));
    expect(screen.getByText('Waiting for scripted')).toBeTruthy();
    expect(screen.getByText('I will').closest('.jp-CodeAct-voided')).not.toBe(
      null
    );
    expect(screen.getByText(/This reply was cut off/)).toBeTruthy();
  });

  it.each([
    [29, false],
    [31, true]
  ])('after %s s says that it may take longer: %s', async (passed, said) => {
    const conversation = new Conversation().begin();
    const since = new Date(Date.now() - passed * 1000).toISOString();
    conversation.activity = {
      kind: 'activity',
      state: 'waiting_for_model',
      since,
      detail: '',
      told_seq: 0,
      retry_seconds: 0
    };
    await show(conversation);
    expect(screen.getByText(new RegExp(`^${passed} s`))).toBeTruthy();
    expect(screen.queryByText(/may take minutes/) !== null).toBe(said);
  });

  it('says that the connection is lost, and that the run is not', async () => {
    const conversation = new Conversation().begin().doing('running_cell');
    conversation.connected = false;
    await show(conversation);
    expect(screen.getByText('Connection lost: reconnecting')).toBeTruthy();
    expect(screen.getByText('The run goes on without this page.')).toBeTruthy();
  });
});

describe('a live run of another notebook', () => {
  it('leaves a way to the one that the user works in', async () => {
    await show(new Conversation().begin().doing('running_cell'));
    const name = 'Show the conversation of b.ipynb';
    expect(screen.queryByRole('button', { name })).toBeNull();
    copilot.elsewhere = 'work/b.ipynb';
    copilot.currentChanged.emit();
    await settled();
    await click(name);
    expect(copilot.calls('turn')).toEqual([['turn']]);
  });
});

describe('a full disk', () => {
  it('is told for as long as it lasts', async () => {
    const conversation = new Conversation().begin();
    await show(conversation);
    expect(screen.queryByText('Not saved')).toBeNull();
    conversation.unsaved = 'c.jsonl: cannot be written';
    conversation.liveChanged.emit();
    await settled();
    expect(screen.getByRole('alert').textContent).toBe(
      'Not saved: c.jsonl: cannot be written'
    );
    conversation.unsaved = '';
    conversation.liveChanged.emit();
    await settled();
    expect(screen.queryByText('Not saved')).toBeNull();
  });
});

describe('a conversation that can be read only', () => {
  it('says why, and offers nothing that would continue it', async () => {
    const conversation = new Conversation().begin('Count').doing('idle');
    await show(conversation);
    expect(button('Continue (25 more steps)')).toBeTruthy();
    conversation.readOnly = 'c.jsonl: written by a newer jupyter_codeact';
    conversation.liveChanged.emit();
    await settled();
    expect(screen.getByRole('alert').textContent).toContain(
      'Read only: c.jsonl: written by a newer jupyter_codeact'
    );
    expect(screen.getByText('Count')).toBeTruthy();
    expect(screen.queryByRole('textbox', { name: 'Message' })).toBeNull();
    expect(screen.queryByText(/^Continue/)).toBeNull();
    expect(screen.queryByText(/the server stopped/)).toBeNull();
  });
});

describe('a notebook that cannot be written', () => {
  it('is told, and the cells can be saved as another one', async () => {
    const conversation = new Conversation().begin();
    await show(conversation);
    conversation.unwritten = 'The notebook is gone: it was deleted.';
    conversation.liveChanged.emit();
    await settled();
    expect(screen.getByRole('alert').textContent).toContain(
      'Not in the notebook: The notebook is gone: it was deleted.'
    );
    await click('Save the cells as a notebook');
    expect(copilot.calls('download')).toEqual([['download', 'c1', 'ipynb']]);
    copilot.failure = 'The disk is full.';
    await click('Save the cells as a notebook');
    const [, failed] = screen.getAllByRole('alert');
    expect(failed.textContent).toBe('The disk is full.');
  });
});

describe('a server that does not know the user any more', () => {
  it('is told with a way to log in', async () => {
    const conversation = new Conversation().begin();
    conversation.connected = false;
    conversation.loginUrl = 'http://localhost/base/login';
    await show(conversation);
    expect(screen.getByRole('alert').textContent).toContain('Logged out');
    const link = screen.getByRole<HTMLAnchorElement>('link', {
      name: 'Log in'
    });
    expect(link.pathname).toBe('/base/login');
  });
});

describe('the first run', () => {
  it('says who answers, and offers a model and three questions', async () => {
    if (copilot.status) {
      const { model } = copilot.status;
      const offline = { name: 'offline', model: 'analyst', offline: true };
      copilot.status = {
        ...copilot.status,
        model: { ...model, offline: true, choices: [offline] }
      };
      copilot.choose('offline');
    }
    await show();
    expect(screen.getByText(/No model is connected/)).toBeTruthy();
    expect(screen.getAllByRole('listitem')).toHaveLength(3);
    await click('What data is here?');
    expect(box().value).toBe('What data is here?');
    expect(document.activeElement).toBe(box());
    await click('Connect a model');
    expect(screen.getByLabelText('Base URL')).toBeTruthy();
  });
});
