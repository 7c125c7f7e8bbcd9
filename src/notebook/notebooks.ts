import type { ICellModel } from '@jupyterlab/cells';
import { isCodeCellModel } from '@jupyterlab/cells';
import { PathExt } from '@jupyterlab/coreutils';
import type { IDocumentManager } from '@jupyterlab/docmanager';
import type { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import type { IOutput } from '@jupyterlab/nbformat';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { KernelSpec } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ISignal } from '@lumino/signaling';
import { Signal } from '@lumino/signaling';

import type {
  INotebooks,
  IPreparedNotebook,
  SentNotebook
} from '../client/notebooks';
import type { IBinding } from '../tokens';
import { indexOfCell, findCell } from './cells';
import { markOf, recordedConversations } from './marks';
import { sentOutputs, sentPlaces } from './sentOutputs';
import type { OpenCell } from './snapshot';
import { snapshot } from './snapshot';

/** The notebooks that are open in JupyterLab. */
export class LabNotebooks implements INotebooks {
  constructor(private readonly options: LabNotebooks.IOptions) {
    const { tracker } = options;
    tracker.forEach(panel => this.add(panel));
    tracker.widgetAdded.connect((_, panel) => this.add(panel), this);
    tracker.currentChanged.connect(() => this._changed.emit(), this);
  }

  get active(): string | null {
    const panel = this.options.tracker.currentWidget;
    return panel && this.keyOf(panel);
  }

  get changed(): ISignal<this, void> {
    return this._changed;
  }

  /** What conversations call the notebook of `panel`. */
  keyOf(panel: NotebookPanel): string {
    return this._keys.get(panel) ?? panel.context.path;
  }

  /** The panel of the notebook, or null when it is not open. */
  find(key: string): NotebookPanel | null {
    return (
      this.options.tracker.find(panel => this.keyOf(panel) === key) ?? null
    );
  }

  describe(key: string): IBinding | null {
    const panel = this.find(key);
    return (
      panel && {
        path: panel.context.path,
        kernelName: panel.sessionContext.kernelDisplayName,
        kernelStatus: panel.sessionContext.kernelDisplayStatus
      }
    );
  }

  async prepare(key: string | null): Promise<IPreparedNotebook> {
    const panel = key === null ? await this.create() : this.opened(key);
    const kernelId = await this.kernelOf(panel);
    return {
      key: this.keyOf(panel),
      kernelId,
      context: contextOf(panel)
    };
  }

  async recorded(key: string): Promise<readonly string[]> {
    const panel = this.find(key);
    await panel?.context.ready;
    return panel && !panel.isDisposed
      ? recordedConversations(panel.context.model)
      : [];
  }

  source(key: string, cellId: string): string | null {
    const model = this.find(key)?.context.model;
    const cell = model && findCell(model, cellId);
    return cell ? cell.sharedModel.getSource() : null;
  }

  async restart(key: string): Promise<void> {
    const { context, sessionContext } = this.opened(key);
    await context.ready;
    await sessionContext.ready;
    await sessionContext.restartKernel();
  }

  async reveal(key: string, cellId?: string): Promise<boolean> {
    const panel = this.find(key) ?? this.openOrNull(key);
    if (!panel) {
      return false;
    }
    this.options.activate(panel.id);
    await panel.context.ready;
    await panel.revealed;
    if (cellId === undefined) {
      return true;
    }
    const index = indexOfCell(panel.context.model, cellId);
    if (index < 0) {
      return false;
    }
    panel.content.activeCellIndex = index;
    await panel.content.scrollToCell(panel.content.widgets[index], 'center');
    panel.content.mode = 'command'; // scrolling put the cursor into the code
    return true;
  }

  private add(panel: NotebookPanel): void {
    this._keys.set(panel, panel.context.path);
    const emit = () => this._changed.emit();
    panel.sessionContext.statusChanged.connect(emit, this);
    panel.sessionContext.kernelChanged.connect(emit, this);
    panel.context.pathChanged.connect(emit, this);
    panel.disposed.connect(emit, this);
    emit();
  }

  private async create(): Promise<NotebookPanel> {
    const { documents, browser, kernelspecs, trans } = this.options;
    await kernelspecs.ready;
    const name = kernelspecs.specs?.default;
    if (!name) {
      throw new Error(
        trans.__(
          'No kernel is installed: install one, such as ipykernel, and send again.'
        )
      );
    }
    const { path } = await documents.newUntitled({
      path: browser?.model.path ?? '',
      type: 'notebook'
    });
    const widget = documents.openOrReveal(path, 'Notebook', { name });
    return this.asPanel(widget, path);
  }

  private opened(key: string): NotebookPanel {
    return this.find(key) ?? this.asPanel(this.openOrNull(key), key);
  }

  private openOrNull(path: string): NotebookPanel | null {
    const widget = this.options.documents.openOrReveal(path, 'Notebook');
    return widget ? (widget as NotebookPanel) : null;
  }

  private asPanel(widget: unknown, path: string): NotebookPanel {
    if (!widget) {
      throw new Error(
        this.options.trans.__('%1 cannot be opened as a notebook.', path)
      );
    }
    return widget as NotebookPanel;
  }

  /** The id of the kernel that `panel` has, once it has one. */
  private async kernelOf(panel: NotebookPanel): Promise<string> {
    const { trans } = this.options;
    await panel.context.ready;
    await panel.sessionContext.ready;
    const kernel = panel.sessionContext.session?.kernel;
    const name = PathExt.basename(panel.context.path);
    if (!kernel) {
      throw new Error(
        trans.__('%1 has no kernel: choose one, then send again.', name)
      );
    }
    if (kernel.status === 'dead') {
      throw new Error(
        trans.__('The kernel of %1 is dead: restart it, then send again.', name)
      );
    }
    return kernel.id;
  }

  private readonly _keys = new WeakMap<NotebookPanel, string>();
  private readonly _changed = new Signal<this, void>(this);
}

/** What a message takes along of the notebook: without cells that wait for approval, which are not the user's. */
function contextOf({ content, context }: NotebookPanel): SentNotebook {
  const cells: OpenCell[] = [];
  let active: string | null = null;
  content.widgets.forEach(({ model }, index) => {
    if (!markOf(model)?.proposed) {
      cells.push({
        cell_id: model.id,
        cell_type: model.type as OpenCell['cell_type'],
        source: model.sharedModel.getSource(),
        execution_count: isCodeCellModel(model) ? model.executionCount : null,
        outputs: () => outputsOf(model)
      });
      active = index <= content.activeCellIndex ? model.id : active;
    }
  });
  return snapshot(context.path, cells, active);
}

function outputsOf(model: ICellModel): IOutput[] {
  if (!isCodeCellModel(model)) {
    return [];
  }
  const { outputs } = model;
  return sentOutputs(
    sentPlaces(outputs.length).map(place => outputs.get(place).toJSON())
  );
}

export namespace LabNotebooks {
  export interface IOptions {
    tracker: INotebookTracker;
    documents: Pick<IDocumentManager, 'newUntitled' | 'openOrReveal'>;
    kernelspecs: KernelSpec.IManager;
    /** Where new notebooks are made; at the root without it. */
    browser: IDefaultFileBrowser | null;
    /** Brings the widget with that id to the front. */
    activate: (id: string) => void;
    trans: TranslationBundle;
  }
}
