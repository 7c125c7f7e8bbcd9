import type { NotebookPanel } from '@jupyterlab/notebook';
import { NotebookTracker } from '@jupyterlab/notebook';
import {
  initNotebookContext,
  NBTestUtils
} from '@jupyterlab/notebook/lib/testutils';
import { ServiceManagerMock } from '@jupyterlab/services/lib/testutils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Widget } from '@lumino/widgets';

import { Api } from '../../client/api';
import { CodeAct } from '../../client/codeact';
import { Conversations } from '../../client/conversations';
import { Journal } from '../../client/__tests__/journal';
import { TestServer, until } from '../../client/__tests__/server';
import { Preferences } from '../../preferences';
import { CommandIDs } from '../../tokens';
import { addApproval } from '../approval';
import { markCells, PROPOSED_CLASS } from '../cellMarks';
import { findCell, indexOfCell } from '../cells';
import { LabNotebooks } from '../notebooks';
import { Projector } from '../projector';

describe('a proposed cell in the notebook', () => {
  let server: TestServer;
  let panel: NotebookPanel;
  let codeact: CodeAct;
  let journal: Journal;
  let commands: CommandRegistry;

  const decisions = () =>
    server.received
      .filter(each => each.path.includes('/decisions'))
      .map(({ body: { decision_id, ...rest } }) => rest);
  const widget = () =>
    panel.content.widgets[indexOfCell(panel.context.model, 'c1')];
  const press = (keys: KeyboardEventInit, target: Element) => {
    const event = new KeyboardEvent('keydown', { bubbles: true, ...keys });
    Object.defineProperty(event, 'target', { value: target });
    Object.defineProperty(event, 'currentTarget', { value: document.body });
    commands.processKeydownEvent(event);
  };

  beforeEach(async () => {
    const manager = new ServiceManagerMock();
    const context = await initNotebookContext({ manager, startKernel: true });
    panel = NBTestUtils.createNotebookPanel(context);
    Widget.attach(panel, document.body);
    const tracker = new NotebookTracker({ namespace: 'notebook' });
    await tracker.add(panel);

    journal = new Journal('talk', context.path).run();
    journal.propose(1, 'c1', null, 'risky()');
    server = (await TestServer.start()).add(journal);
    const api = new Api(server.settings);
    const trans = nullTranslator.load('jupyter_codeact');
    const notebooks = new LabNotebooks({
      tracker,
      documents: {
        newUntitled: options => manager.contents.newUntitled(options),
        openOrReveal: () => undefined
      },
      kernelspecs: manager.kernelspecs,
      browser: null,
      activate: () => undefined,
      trans
    });
    const conversations = new Conversations(api, 'page');
    codeact = new CodeAct(api, conversations, notebooks, trans);
    commands = new CommandRegistry();
    markCells(tracker, new Preferences());
    addApproval({ commands, codeact, tracker, trans });
    await until(() => codeact.current?.id === 'talk');
    new Projector(context.model).project(journal.state, false);
    await until(() => widget().hasClass(PROPOSED_CLASS));
    panel.content.activeCellIndex = indexOfCell(context.model, 'c1');
    await until(() => widget().hasClass('jp-mod-active'));
  });

  afterEach(async () => {
    codeact.dispose();
    await server.stop();
    panel.dispose();
  });

  it('is approved with the keys that run a cell', async () => {
    panel.content.mode = 'command';
    widget().node.focus();
    press({ key: 'Enter', keyCode: 13, shiftKey: true }, widget().node);
    await until(() => decisions().length === 1);
    expect(decisions()).toEqual([
      { step: 1, decision: 'approve', source: 'risky()' }
    ]);
  });

  it('is approved as the user edited it, in the editor too', async () => {
    findCell(panel.context.model, 'c1')?.sharedModel.setSource('safe()');
    panel.content.mode = 'edit';
    press({ key: 'Enter', keyCode: 13, ctrlKey: true }, widget().node);
    await until(() => decisions().length === 1);
    expect(decisions()).toEqual([
      { step: 1, decision: 'edit', source: 'safe()' }
    ]);
  });

  it('is rejected with a command, which other cells do not have', async () => {
    expect(commands.isEnabled(CommandIDs.rejectCell)).toBe(true);
    panel.content.activeCellIndex = 0;
    expect(commands.isEnabled(CommandIDs.rejectCell)).toBe(false);
    expect(commands.isVisible(CommandIDs.approveCell)).toBe(false);
    panel.content.activeCellIndex = indexOfCell(panel.context.model, 'c1');
    await commands.execute(CommandIDs.rejectCell);
    expect(decisions()).toEqual([{ step: 1, decision: 'reject', note: '' }]);
  });

  it('is not sent along as one of the user', async () => {
    const own = panel.context.model.cells.get(0).id;
    await codeact.send('hello');
    const sent = server.received.find(each => each.path.includes('/messages'));
    expect(sent?.body).toMatchObject({
      kernel_id: panel.sessionContext.session?.kernel?.id,
      notebook: { path: panel.context.path, active_cell_id: own }
    });
    expect(JSON.stringify(sent?.body)).not.toContain('risky()');
  });
});
