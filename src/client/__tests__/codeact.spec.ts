import { nullTranslator } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type { IBinding } from '../../tokens';
import { Api } from '../api';
import { CodeAct } from '../codeact';
import { Conversations } from '../conversations';
import type { INotebooks, IPreparedNotebook } from '../notebooks';
import { Journal } from './journal';
import { TestServer, until } from './server';

/** Open notebooks that need no page: each has a kernel, and cells as they were put in. */
class OpenNotebooks implements INotebooks {
  active: string | null = null;
  readonly cells = new Map<string, string>();
  readonly records = new Map<string, string[]>();
  readonly revealed: string[] = [];
  readonly restarted: string[] = [];

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  activate(path: string | null): void {
    this.active = path;
    this._changed.emit();
  }

  describe(path: string): IBinding {
    return { path, kernelName: 'Python 3', kernelStatus: 'idle' };
  }

  prepare(path: string | null): Promise<IPreparedNotebook> {
    const key = path ?? 'Untitled.ipynb';
    return Promise.resolve({
      key,
      kernelId: `kernel of ${key}`,
      context: { path: key, cells: [], active_cell_id: 'a', cells_left_out: 0 }
    });
  }

  recorded(path: string): Promise<string[]> {
    return Promise.resolve(this.records.get(path) ?? []);
  }

  source(_: string, cellId: string): string | null {
    return this.cells.get(cellId) ?? null;
  }

  restart(path: string): Promise<void> {
    this.restarted.push(path);
    return Promise.resolve();
  }

  reveal(path: string, cellId?: string): Promise<boolean> {
    this.revealed.push(cellId ? `${path}#${cellId}` : path);
    return Promise.resolve(true);
  }

  private readonly _changed = new Signal<this, void>(this);
}

describe('the copilot of the open notebook', () => {
  let server: TestServer;
  let notebooks: OpenNotebooks;
  let codeact: CodeAct;

  const bodies = (path: string) =>
    server.received
      .filter(each => each.method === 'POST' && each.path.startsWith(path))
      .map(each => each.body);
  const shows = (id: string | null) =>
    until(() => (codeact.current?.id ?? null) === id);
  const busy = (state: 'running_cell' | 'idle') =>
    server.emit({
      kind: 'activity',
      state,
      since: '',
      detail: '',
      told_seq: 0,
      retry_seconds: 0
    });

  beforeEach(async () => {
    server = await TestServer.start();
    server.add(new Journal('old', 'a.ipynb'));
    server.add(new Journal('late', 'a.ipynb').run().end());
    server.add(new Journal('other', 'b.ipynb'));
    const api = new Api(server.settings);
    notebooks = new OpenNotebooks();
    notebooks.active = 'a.ipynb';
    codeact = new CodeAct(
      api,
      new Conversations(api, 'page'),
      notebooks,
      nullTranslator.load('jupyter_codeact')
    );
    await shows('late');
  });

  afterEach(async () => {
    codeact.dispose();
    await server.stop();
  });

  it('shows the latest conversation of the active notebook', async () => {
    expect(codeact.binding?.path).toBe('a.ipynb');
    notebooks.activate('b.ipynb');
    await shows('other');
    expect(codeact.binding?.path).toBe('b.ipynb');
    notebooks.activate('c.ipynb');
    await shows(null);
    expect(codeact.binding?.path).toBe('c.ipynb');
  });

  it('finds the conversations of a notebook that was moved', async () => {
    server.gone = 'b.ipynb';
    notebooks.records.set('c.ipynb', ['other']);
    notebooks.activate('c.ipynb');
    await shows('other');
    expect(codeact.binding?.path).toBe('c.ipynb');
    expect(bodies('moved')).toEqual([
      { notebook_path: 'c.ipynb', conversations: ['other'] }
    ]);
    notebooks.activate('a.ipynb');
    await shows('late');
    notebooks.activate('c.ipynb');
    await shows('other');
    expect(bodies('moved')).toHaveLength(1);
  });

  it('leaves to a notebook what its copy has a record of', async () => {
    notebooks.records.set('c.ipynb', ['other']);
    notebooks.activate('c.ipynb');
    await shows(null);
    notebooks.activate('a.ipynb');
    await shows('late');
    notebooks.activate('c.ipynb');
    await shows(null);
    expect(bodies('moved')).toHaveLength(1);
  });

  it('asks once whether a notebook was moved, until the answer is another one', async () => {
    const conversations = new Conversations(new Api(server.settings), 'page');
    const latest = (path: string, ...recorded: string[]) =>
      conversations.latest(path, recorded);
    const asked = () => bodies('moved').map(each => String(each.conversations));
    server.failures.set('moved', [500, '{"message": "No."}']);
    await expect(latest('c.ipynb', 'other')).rejects.toThrow('No.');
    server.failures.clear();

    await Promise.all([latest('c.ipynb', 'other'), latest('c.ipynb', 'other')]);
    await latest('c.ipynb', 'other', 'old');
    await latest('c.ipynb', 'other', 'old');
    await latest('d.ipynb', 'other');
    expect(asked()).toEqual(['other', 'other', 'old', 'other']);
    // To and fro: a yes is no answer any more once it has gone.
    for (const [from, to] of ['be', 'ef', 'fe']) {
      server.gone = `${from}.ipynb`;
      expect(await latest(`${to}.ipynb`, 'other')).toBe('other');
    }
  });

  it('follows what it shows and no more', async () => {
    notebooks.activate('b.ipynb');
    await shows('other');
    const followed = () => [...server.open].map(each => each.id).join();
    await until(() => followed() === 'other');
  });

  it('keeps a live run in view until its end', async () => {
    await until(() => server.open.size === 1);
    busy('running_cell');
    await until(() => codeact.current?.activity?.state === 'running_cell');
    notebooks.activate('b.ipynb');
    expect(codeact.current?.id).toBe('late');
    expect(codeact.binding?.path).toBe('a.ipynb');
    busy('idle');
    await shows('other');
  });

  it('goes on following a live run that is shown no more', async () => {
    await until(() => server.open.size === 1);
    busy('running_cell');
    await until(() => codeact.current?.activity?.state === 'running_cell');
    codeact.newConversation();
    expect(codeact.current).toBeNull();
    expect(server.open.size).toBe(1);
    busy('idle');
    await until(() => server.open.size === 0);
  });

  it('shows the model what the user wants it to, by conversation', async () => {
    const shown = () =>
      bodies('conversations').flatMap(body => body.context ?? []);
    codeact.context = { notebook: false, variables: true };
    await codeact.send('hello');
    notebooks.activate('b.ipynb');
    await shows('other');
    expect(codeact.context).toEqual({ notebook: true, variables: true });
    codeact.newConversation();
    codeact.context = { notebook: true, variables: false };
    server.add(new Journal('new', 'b.ipynb'));
    await codeact.send('hello');
    expect(codeact.current?.id).toBe('new');
    expect(codeact.context).toEqual({ notebook: true, variables: false });
    expect(shown()).toEqual([
      { notebook: false, variables: true },
      { notebook: true, variables: false }
    ]);
    codeact.newConversation();
    expect(codeact.context).toEqual({ notebook: true, variables: true });
  });

  it('sends what the user said, with the notebook and the kernel', async () => {
    await codeact.send('hello');
    expect(bodies('conversations/late/messages')).toEqual([
      {
        message_id: expect.stringMatching(/.{16}/),
        text: 'hello',
        kernel_id: 'kernel of a.ipynb',
        notebook: {
          path: 'a.ipynb',
          cells: [],
          active_cell_id: 'a',
          cells_left_out: 0
        },
        attachments: [],
        context: { notebook: true, variables: true },
        client: 'page'
      }
    ]);
    codeact.approval = 'auto';
    await codeact.send('again');
    const [first, second] = bodies('conversations/late/messages');
    expect(second).toMatchObject({ text: 'again', approval: 'auto' });
    codeact.choose('mine');
    await codeact.continue(5);
    expect(bodies('conversations/late/continue')).toMatchObject([
      { steps: 5, approval: 'auto', model: 'mine', client: 'page' }
    ]);
    expect(second['message_id']).not.toBe(first['message_id']);
  });

  it('begins a conversation, and a notebook, where there is none', async () => {
    notebooks.activate(null);
    await shows(null);
    server.add(new Journal('new', 'Untitled.ipynb'));
    await codeact.send('hello');
    expect(bodies('conversations')[0]).toEqual({
      notebook_path: 'Untitled.ipynb',
      kernel_id: 'kernel of Untitled.ipynb'
    });
    expect(codeact.current?.id).toBe('new');
    notebooks.activate('Untitled.ipynb');
    await shows('new');
  });

  it('keeps a choice of approval for its conversation only', async () => {
    codeact.approval = 'auto';
    expect(codeact.bypassAgreed).toBe(true);
    notebooks.activate('b.ipynb');
    await shows('other');
    expect(codeact.approval).toBe('ask');
    expect(codeact.bypassAgreed).toBe(false);
    notebooks.activate('a.ipynb');
    await shows('late');
    expect(codeact.approval).toBe('auto');
  });

  it('takes the default for no choice, which another model may change', async () => {
    server.failures.set('status', [
      200,
      JSON.stringify({ approval: 'auto', model: { choices: [] } })
    ]);
    await codeact.refreshStatus();
    codeact.approval = 'ask';
    codeact.approval = 'auto';
    await codeact.send('hello');
    expect(bodies('conversations/late/messages')[0]).not.toHaveProperty(
      'approval'
    );
  });

  it('hands a choice of approval over to the conversation that begins', async () => {
    codeact.newConversation();
    codeact.approval = 'ask-if-risky';
    server.add(new Journal('new', 'a.ipynb'));
    await codeact.send('hello');
    expect(bodies('conversations/new/messages')).toMatchObject([
      { approval: 'ask-if-risky' }
    ]);
    expect(codeact.approval).toBe('ask-if-risky');
    codeact.newConversation();
    expect(codeact.approval).toBe('ask');
  });

  it('turns to the active notebook when that is asked for', async () => {
    await until(() => server.open.size === 1);
    busy('running_cell');
    await until(() => codeact.current?.activity?.state === 'running_cell');
    const elsewhere: (string | null)[] = [];
    codeact.currentChanged.connect(() => elsewhere.push(codeact.elsewhere));
    expect(codeact.elsewhere).toBeNull();
    notebooks.activate('b.ipynb');
    expect(elsewhere).toEqual(['b.ipynb']);
    expect(codeact.current?.id).toBe('late');
    await codeact.turn();
    expect(codeact.current?.id).toBe('other');
    expect(codeact.elsewhere).toBeNull();
  });

  it('begins a new conversation about the active notebook, and leaves a live one to its own', async () => {
    await until(() => server.open.size === 1);
    busy('running_cell');
    await until(() => codeact.current?.activity?.state === 'running_cell');
    notebooks.activate('b.ipynb');
    codeact.newConversation();
    expect(codeact.current).toBeNull();
    expect(codeact.binding?.path).toBe('b.ipynb');
    notebooks.activate('a.ipynb');
    await shows('late');
  });

  it('begins a new conversation when the user wants one', async () => {
    codeact.approval = 'auto';
    codeact.newConversation();
    expect(codeact.approval).toBe('ask');
    notebooks.activate('b.ipynb');
    await shows('other');
    notebooks.activate('a.ipynb');
    await shows(null);
    server.add(new Journal('new', 'a.ipynb'));
    await codeact.send('hello');
    expect(codeact.current?.id).toBe('new');
  });

  it('rejects in the words of the server', async () => {
    codeact.newConversation();
    await expect(codeact.send('hello')).rejects.toThrow('Not now.');
    expect(codeact.current).toBeNull();
  });

  it('opens an earlier conversation, and its notebook', async () => {
    await codeact.open('other');
    expect(codeact.current?.id).toBe('other');
    expect(notebooks.revealed).toEqual(['b.ipynb']);
    notebooks.activate('b.ipynb');
    expect(codeact.current?.id).toBe('other');
    expect(await codeact.goToCell('c')).toBe(true);
    expect(notebooks.revealed).toEqual(['b.ipynb', 'b.ipynb#c']);
  });

  it('shows a removed conversation no more', async () => {
    await codeact.history.remove('late');
    expect(codeact.current).toBeNull();
    await until(() => server.open.size === 0);
    expect(server.received).toContainEqual(
      expect.objectContaining({
        method: 'DELETE',
        path: expect.stringMatching(/^conversations\/late\?undo=1(&|$)/)
      })
    );
    await codeact.history.restore('late');
    expect(bodies('conversations/late/restore')).toHaveLength(1);
  });

  it('shows a branch, and its notebook', async () => {
    server.add(new Journal('new', 'b.ipynb'));
    await codeact.history.branch('late', 2);
    expect(bodies('conversations').pop()).toEqual({
      conversation_id: expect.stringMatching(/^[\da-f-]{36}$/),
      branch: { conversation_id: 'late', seq: 2 }
    });
    expect(codeact.current?.id).toBe('new');
    expect(notebooks.revealed).toEqual(['b.ipynb']);
  });

  it('gives a conversation another title', async () => {
    await codeact.history.rename('late', 'Late ones');
    expect(server.received).toContainEqual({
      method: 'PATCH',
      path: expect.stringMatching(/^conversations\/late(\?|$)/),
      body: { title: 'Late ones' }
    });
  });

  it('hands what is searched for to the server', async () => {
    await codeact.history.list(false, 'late & more');
    await codeact.history.list(true, '');
    const [some, all] = server.received.slice(-2).map(({ path }) => path);
    expect(some).toContain('?notebook=a.ipynb&search=late%20%26%20more');
    expect(all).not.toMatch(/notebook|search/);
  });

  it('lists the conversations of the notebook, or all', async () => {
    const ids = async (all: boolean) =>
      (await codeact.history.list(all, ''))
        .map(row => row.conversation_id)
        .sort();
    expect(await ids(false)).toEqual(['late', 'old']);
    expect(await ids(true)).toEqual(['late', 'old', 'other']);
  });

  it('says why the server does not answer', async () => {
    await until(() => codeact.problem !== '');
    expect(codeact.problem).toContain('jupyter server extension enable');
    server.failures.set('status', [
      200,
      JSON.stringify({ approval: 'auto', model: { choices: [] } })
    ]);
    await codeact.refreshStatus();
    expect(codeact.problem).toBe('');
    expect(codeact.approval).toBe('auto');
  });

  describe('asked for approval', () => {
    const decisions = () =>
      bodies('conversations/wait/decisions').map(
        ({ decision_id, ...rest }) => rest
      );

    beforeEach(async () => {
      server.add(
        new Journal('wait', 'a.ipynb').run().propose(1, 'c', null, 'risky()')
      );
      await codeact.open('wait');
    });

    it('approves the cell as it was proposed', async () => {
      notebooks.cells.set('c', 'risky()');
      await codeact.approve(1);
      expect(decisions()).toEqual([
        { step: 1, decision: 'approve', source: 'risky()' }
      ]);
    });

    it('approves all of the conversation, the rest of the run included', async () => {
      await codeact.approve(1, undefined, true);
      expect(decisions()).toEqual([
        {
          step: 1,
          decision: 'approve',
          source: 'risky()',
          approval: 'auto'
        }
      ]);
      expect(codeact.approval).toBe('auto');
    });

    it('approves the cell as the user edited it in the notebook', async () => {
      notebooks.cells.set('c', 'safe()');
      await codeact.approve(1);
      expect(decisions()).toEqual([
        { step: 1, decision: 'edit', source: 'safe()' }
      ]);
    });

    it('approves what the panel gives rather than the notebook', async () => {
      notebooks.cells.set('c', 'safe()');
      await codeact.approve(1, 'safer()');
      expect(decisions()).toEqual([
        { step: 1, decision: 'edit', source: 'safer()' }
      ]);
    });

    it('approves a cell that the notebook does not hold', async () => {
      await codeact.approve(1);
      expect(decisions()).toEqual([
        { step: 1, decision: 'approve', source: 'risky()' }
      ]);
    });

    it('rejects with a note', async () => {
      await codeact.reject(1, 'not now');
      expect(decisions()).toEqual([
        { step: 1, decision: 'reject', note: 'not now' }
      ]);
    });

    it('decides nothing about a step that did not ask', async () => {
      await expect(codeact.approve(2)).rejects.toThrow('does not wait');
      expect(decisions()).toEqual([]);
    });
  });
});
