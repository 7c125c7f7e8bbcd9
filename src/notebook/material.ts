import { isCodeCellModel } from '@jupyterlab/cells';
import { PathExt } from '@jupyterlab/coreutils';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';

import type { Api } from '../client/api';
import type {
  IMaterial,
  INamedCell,
  INamedFile,
  IVariables
} from '../material';
import type { ICodeAct } from '../tokens';
import { findCell } from './cells';
import { filesBelow, named } from './folder';
import { markOf } from './marks';
import { outputText } from './naming';

/** What the bound notebook, its kernel and its folder have, in JupyterLab. */
export class LabMaterial implements IMaterial {
  constructor(private readonly options: LabMaterial.IOptions) {}

  cells(): INamedCell[] {
    const found: INamedCell[] = [];
    this.panel?.content.widgets.forEach(({ model }, index) => {
      if (!markOf(model)?.proposed) {
        found.push({
          id: model.id,
          type: model.type,
          number: isCodeCellModel(model) ? model.executionCount : null,
          place: index + 1,
          source: model.sharedModel.getSource()
        });
      }
    });
    return found;
  }

  output(cellId: string): string {
    const model = this.panel?.context.model;
    const cell = model && findCell(model, cellId);
    return cell ? outputText(cell) : '';
  }

  async variables(): Promise<IVariables> {
    const { api, trans } = this.options;
    const kernel = this.panel?.sessionContext.session?.kernel;
    if (!kernel) {
      return { variables: [], note: trans.__('No kernel is running.') };
    }
    const found = await api.variables(kernel.id);
    const busy = found.note !== '' && kernel.status === 'busy';
    return busy
      ? { ...found, note: trans.__('The kernel is busy with a cell.') }
      : found;
  }

  async files(): Promise<INamedFile[]> {
    const { codeact, contents } = this.options;
    const found = await filesBelow(contents, this.folder);
    const own = contents.localPath(codeact.binding?.path ?? '');
    return found.filter(({ path }) => path !== own);
  }

  async file(path: string): Promise<INamedFile> {
    const { contents } = this.options;
    const local = contents.localPath(path);
    const entry = await contents.get(local, { content: false });
    if (entry.type === 'directory') {
      throw new Error(
        this.options.trans.__('%1 is a folder: attach files.', entry.name)
      );
    }
    return named(entry, this.folder);
  }

  async isText({ path }: INamedFile): Promise<boolean> {
    try {
      const { content } = await this.options.contents.get(path, {
        type: 'file',
        format: 'text',
        content: true
      });
      return typeof content === 'string' && !content.includes('\0');
    } catch {
      return false;
    }
  }

  /** The notebook that the conversation is bound to, or null when it is not open. */
  private get panel(): NotebookPanel | null {
    const { codeact, tracker } = this.options;
    const path = codeact.binding?.path;
    return tracker.find(panel => panel.context.path === path) ?? null;
  }

  /** Where the kernel works, from the server's root. */
  private get folder(): string {
    const { codeact, contents } = this.options;
    const path = codeact.binding?.path ?? '';
    return PathExt.dirname(contents.localPath(path));
  }
}

export namespace LabMaterial {
  export interface IOptions {
    api: Pick<Api, 'variables'>;
    codeact: Pick<ICodeAct, 'binding'>;
    contents: Pick<Contents.IManager, 'get' | 'localPath'>;
    tracker: Pick<INotebookTracker, 'find'>;
    trans: TranslationBundle;
  }
}
