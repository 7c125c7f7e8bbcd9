import type { NotebookPanel } from '@jupyterlab/notebook';
import {
  initNotebookContext,
  NBTestUtils
} from '@jupyterlab/notebook/lib/testutils';
import type { Contents } from '@jupyterlab/services';
import { ServiceManagerMock } from '@jupyterlab/services/lib/testutils';
import { Widget } from '@lumino/widgets';

import { Api } from '../../client/api';
import { ConversationModel } from '../../client/model';
import { Journal, stream } from '../../client/__tests__/journal';
import { TestServer, until } from '../../client/__tests__/server';
import { findCell, indexOfCell } from '../cells';
import { Mirror } from '../mirror';

/** A notebook of the user's own two cells. */
const NOTEBOOK = {
  cells: ['a', 'b'].map(id => ({
    cell_type: 'code',
    id,
    source: id,
    metadata: {},
    outputs: [],
    execution_count: null
  })),
  metadata: {},
  nbformat: 4,
  nbformat_minor: 5
};

describe('a mirror', () => {
  let server: TestServer;
  let journal: Journal;
  let panel: NotebookPanel;
  let conversation: ConversationModel;
  let mirror: Mirror;
  let contents: Contents.IManager;
  let saves: number;

  const has = (id: string) => indexOfCell(panel.context.model, id) >= 0;
  const active = () => panel.content.activeCell?.model.id;
  const lease = (client: string) => server.emit({ kind: 'lease', client });
  /** The server sends what the journal holds and was not sent yet. */
  let sent: number;
  const send = () => {
    journal.events.slice(sent).forEach(event => server.emit(event));
    sent = journal.events.length;
  };

  beforeEach(async () => {
    const manager = new ServiceManagerMock();
    contents = manager.contents;
    const context = await initNotebookContext({ manager });
    panel = NBTestUtils.createNotebookPanel(context);
    context.model.fromJSON(NOTEBOOK);
    Widget.attach(panel, document.body);
    saves = 0;
    context.saveState.connect((_, state) => {
      saves += state === 'completed' ? 1 : 0;
    });
    journal = new Journal('talk', context.path).run();
    sent = journal.events.length;
    server = (await TestServer.start()).add(journal);
    conversation = await ConversationModel.open(
      new Api(server.settings),
      'talk',
      'me'
    );
    await until(() => server.open.size === 1);
    mirror = new Mirror(panel, conversation, () => false);
  });

  afterEach(async () => {
    mirror.dispose();
    conversation.dispose();
    await server.stop();
    panel.dispose();
  });

  it('leaves the notebook alone until this page is the one that writes it', async () => {
    journal.submit(1, 'c1', 'a', '1');
    send();
    lease('another');
    await until(() => conversation.state.seq === journal.events.length);
    journal.finish(1, 'c1');
    send();
    await until(() => conversation.state.seq === journal.events.length);
    expect(has('c1')).toBe(false);
    lease('me');
    await until(() => has('c1'));
  });

  it('saves the notebook when a cell has finished, and at the end of the run', async () => {
    lease('me');
    journal.submit(1, 'c1', 'a', '1').output('c1', stream('x'));
    send();
    await until(() => has('c1'));
    expect(saves).toBe(0);
    journal.finish(1, 'c1');
    send();
    await until(() => saves === 1);
    journal.end();
    send();
    await until(() => saves === 2);
    const saved = await contents.get(panel.context.path);
    expect(JSON.stringify(saved.content)).toContain('"c1"');
  });

  it('takes the active cell along, so that the next run goes on behind this one', async () => {
    lease('me');
    panel.content.activeCellIndex = 0;
    journal.submit(1, 'c1', 'a', '1').finish(1, 'c1');
    journal.submit(2, 'c2', 'c1', '2');
    send();
    await until(() => has('c2'));
    expect(active()).toBe('c2');
  });

  it('leaves the active cell where the user put it', async () => {
    lease('me');
    panel.content.activeCellIndex = 1;
    journal.submit(1, 'c1', 'a', '1');
    send();
    await until(() => has('c1'));
    expect(active()).toBe('b');
  });

  it('leaves the active cell of a user who works in the notebook', async () => {
    lease('me');
    panel.content.activeCellIndex = 0;
    panel.content.node.tabIndex = 0;
    panel.content.node.focus();
    journal.submit(1, 'c1', 'a', '1');
    send();
    await until(() => has('c1'));
    expect(active()).toBe('a');
  });

  it('trusts outputs once the user does', async () => {
    lease('me');
    journal.submit(1, 'c1', 'a', '1').finish(1, 'c1');
    send();
    await until(() => has('c1'));
    const cell = () => findCell(panel.context.model, 'c1');
    expect(cell()?.trusted).toBe(false);
    conversation.trust();
    await until(() => cell()?.trusted === true);
  });

  it('goes along, trusts and writes nothing where the server writes', async () => {
    lease('');
    panel.content.activeCellIndex = 0;
    journal.submit(1, 'c1', 'a', '1').finish(1, 'c1');
    send();
    await until(() => conversation.state.seq === journal.events.length);
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(has('c1')).toBe(false);
    panel.context.model.sharedModel.insertCell(1, {
      id: 'c1',
      cell_type: 'code',
      source: '1'
    });
    await until(() => active() === 'c1');
    const cell = () => findCell(panel.context.model, 'c1');
    expect(cell()?.trusted).toBe(false);
    conversation.trust();
    await until(() => cell()?.trusted === true);
    expect(saves).toBe(0);
    cell()?.sharedModel.setSource('2');
    await until(() =>
      server.received.some(each =>
        each.path.startsWith('conversations/talk/changes')
      )
    );
  });

  describe('tells the server of', () => {
    const reports = () =>
      server.received
        .filter(each => each.path.startsWith('conversations/talk/changes'))
        .map(each => each.body.cells);
    const edit = (id: string, source: string) =>
      findCell(panel.context.model, id)?.sharedModel.setSource(source);

    beforeEach(async () => {
      lease('me');
      journal.submit(1, 'c1', 'a', 'x = 1').finish(1, 'c1');
      send();
      await until(() => has('c1'));
    });

    it('an edit of a cell that the agent ran, once it is made', async () => {
      edit('a', 'of the user');
      edit('c1', 'x = 2');
      edit('c1', 'x = 20');
      await until(() => reports().length > 0);
      edit('c1', 'x = 200');
      await until(() => reports().length > 1);
      expect(reports()).toEqual([
        [{ cell_id: 'c1', source: 'x = 20' }],
        [{ cell_id: 'c1', source: 'x = 200' }]
      ]);
      const ids = server.received.map(each => each.body.change_id);
      expect(new Set(ids.filter(Boolean)).size).toBe(2);
    });

    it('a cell that was deleted, and nothing of one that is back', async () => {
      const { sharedModel } = panel.context.model;
      sharedModel.deleteCell(indexOfCell(panel.context.model, 'c1'));
      sharedModel.insertCell(1, {
        id: 'c1',
        cell_type: 'code',
        source: 'x = 1'
      });
      edit('a', 'of the user');
      await new Promise(resolve => setTimeout(resolve, 1500));
      expect(reports()).toEqual([]);
      sharedModel.deleteCell(indexOfCell(panel.context.model, 'c1'));
      await until(() => reports().length > 0);
      expect(reports()).toEqual([[{ cell_id: 'c1', source: null }]]);
    });

    it('an edit that was made while the cell ran', async () => {
      journal.submit(2, 'c2', 'c1', 'y = 1');
      send();
      await until(() => has('c2'));
      edit('c2', 'y = 2');
      journal.finish(2, 'c2');
      send();
      await until(() => reports().length > 0);
      expect(reports()).toEqual([[{ cell_id: 'c2', source: 'y = 2' }]]);
    });

    it('nothing while another page writes', async () => {
      lease('you');
      await until(() => !conversation.writes);
      edit('c1', 'x = 2');
      await new Promise(resolve => setTimeout(resolve, 1500));
      expect(reports()).toEqual([]);
    });
  });

  it('does nothing after its end', async () => {
    mirror.dispose();
    lease('me');
    journal.submit(1, 'c1', 'a', '1');
    send();
    await until(() => conversation.state.seq === journal.events.length);
    const witness = new Mirror(panel, conversation, () => false);
    expect(has('c1')).toBe(false);
    await until(() => has('c1'));
    witness.dispose();
  });
});
