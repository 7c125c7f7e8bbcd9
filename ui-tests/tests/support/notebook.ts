import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

import type { NotebookPanel } from '@jupyterlab/notebook';
import type { APIRequestContext, Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';

type Text = string | string[];

/** A cell as nbformat has it. */
export interface ICell {
  id: string;
  cell_type: string;
  source: Text;
  execution_count?: number | null;
  outputs?: {
    output_type: string;
    text?: Text;
    ename?: string;
    data?: Record<string, Text>;
  }[];
}

const EMPTY = {
  cells: [],
  metadata: {
    kernelspec: {
      display_name: 'Python 3 (ipykernel)',
      language: 'python',
      name: 'python3'
    }
  },
  nbformat: 4,
  nbformat_minor: 5
};

/** One notebook on the server, and in the page while it is open there. */
export class Notebook {
  /** The cells on the page. */
  readonly cells: Locator;

  constructor(
    private readonly page: Page,
    private readonly api: APIRequestContext,
    readonly path: string
  ) {
    this.cells = page.locator('.jp-NotebookPanel:visible .jp-Cell');
  }

  /** The file exists; its cells hold `sources`, for the kernel named in `kernelspec`. */
  async write(
    sources: string[],
    kernelspec = EMPTY.metadata.kernelspec
  ): Promise<void> {
    const cells = sources.map((source, index) => ({
      cell_type: 'code',
      execution_count: null,
      id: `own-${index}`,
      metadata: {},
      outputs: [],
      source
    }));
    await this.writeAs({ ...EMPTY, cells, metadata: { kernelspec } });
  }

  /** The file is the example's notebook, with the example's data beside it. */
  async writeExample(): Promise<void> {
    await this.writeFile('deliveries.csv', example('deliveries.csv'));
    await this.writeAs(JSON.parse(example('deliveries.ipynb')));
  }

  /** There is a text file `name` beside the notebook. */
  async writeFile(name: string, content = ''): Promise<void> {
    await this.put(name, { type: 'file', format: 'text', content });
  }

  async hasFile(name: string): Promise<boolean> {
    return (await this.api.get(this.url(name))).ok();
  }

  /** It is the current document, and its kernel is there. */
  async open(): Promise<void> {
    await this.page.evaluate(async path => {
      const { commands } = window.jupyterapp;
      const panel = (await commands.execute('docmanager:open', {
        path,
        factory: 'Notebook'
      })) as NotebookPanel;
      await panel.context.ready;
      await panel.sessionContext.ready;
    }, this.path);
    await expect(this.cells.first()).toBeVisible();
    await expect.poll(() => this.kernelState()).toBe('idle');
  }

  /** The user types `source` into a new last cell and runs it with the keyboard. */
  async runNew(source: string): Promise<void> {
    await this.select((await this.cells.count()) - 1);
    await this.page.keyboard.press('b');
    await this.runLast(source);
  }

  /** The user replaces the source of the last cell and runs it with the keyboard. */
  async runLast(source: string): Promise<void> {
    const editor = this.cells.last().locator('.cm-content');
    await editor.click();
    await editor.fill(source);
    await this.page.keyboard.press('Control+Enter');
  }

  /** The user runs the `index`-th of the cells that were written, with the keyboard. */
  async run(index: number): Promise<void> {
    const ids = (await this.live()).map(({ id }) => id);
    await this.select(ids.indexOf(`own-${index}`));
    await this.page.keyboard.press('Control+Enter');
  }

  /** The `index`-th of the cells that were written, as it is now. */
  async own(index: number): Promise<ICell> {
    const cell = (await this.live()).find(({ id }) => id === `own-${index}`);
    expect(cell).toBeDefined();
    return cell as ICell;
  }

  /** The user clicks the prompt of a cell: it is active, in command mode. */
  async select(index: number): Promise<void> {
    await this.cells.nth(index).locator('.jp-InputPrompt').click();
  }

  /** The cells of the open document, whether saved or not. */
  live(): Promise<ICell[]> {
    return this.page.evaluate(path => {
      for (const widget of window.jupyterapp.shell.widgets('main')) {
        const panel = widget as NotebookPanel;
        if (panel.context?.path === path) {
          const { cells } = panel.context.model.toJSON() as { cells: unknown };
          return cells as ICell[];
        }
      }
      throw new Error(`${path} is not open`);
    }, this.path);
  }

  /** The cells of the file; none while it is being written. */
  async saved(): Promise<ICell[]> {
    const answer = await this.api.get(this.url(basename(this.path)));
    return answer.ok() ? ((await answer.json()).content.cells as ICell[]) : [];
  }

  /** The kernel's state as the server knows it; empty without a kernel. */
  async kernelState(): Promise<string> {
    const answer = await this.api.get('/api/sessions');
    const sessions = (await answer.json()) as {
      path: string;
      kernel: { execution_state: string };
    }[];
    const own = sessions.find(({ path }) => path === this.path);
    return own?.kernel.execution_state ?? '';
  }

  private async writeAs(content: unknown): Promise<void> {
    await this.put(basename(this.path), { type: 'notebook', content });
  }

  private async put(name: string, data: unknown): Promise<void> {
    const answer = await this.api.put(this.url(name), { data });
    expect(answer.ok(), await answer.text()).toBe(true);
  }

  private url(name: string): string {
    return `/api/contents/${dirname(this.path)}/${name}`;
  }
}

export function sourceOf(cell: ICell): string {
  return joined(cell.source);
}

/** All text that a cell put out. */
export function textOf(cell: ICell): string {
  return (cell.outputs ?? [])
    .map(({ text, data, ename }) =>
      joined(text ?? data?.['text/plain'] ?? ename ?? '')
    )
    .join('\n');
}

export function hasImage(cell: ICell): boolean {
  return (cell.outputs ?? []).some(({ data }) => data && 'image/png' in data);
}

function example(name: string): string {
  const folder = join(__dirname, '..', '..', '..', 'examples');
  return readFileSync(join(folder, name), 'utf-8');
}

function joined(text: Text): string {
  return Array.isArray(text) ? text.join('') : text;
}
