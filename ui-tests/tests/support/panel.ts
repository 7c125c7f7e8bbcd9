import type { Locator, TestInfo } from '@playwright/test';
import type { IJupyterLabPageFixture } from '@jupyterlab/galata';
import { expect } from '@playwright/test';

/** Which of the agent's cells wait to be approved; where nothing was chosen it is `ask`. */
export type Approval = 'ask' | 'ask-if-risky' | 'auto';

/** The copilot's side panel, as a user sees it. */
export class Panel {
  readonly node: Locator;
  readonly composer: Locator;
  /** The places of all steps; only those near the visible part are filled. */
  readonly steps: Locator;
  readonly cards: Locator;
  readonly prose: Locator;
  readonly end: Locator;
  readonly summary: Locator;
  readonly activity: Locator;
  readonly stop: Locator;
  /** What answers the conversation, to choose from. */
  readonly model: Locator;
  readonly approvals: Locator;

  constructor(private readonly page: IJupyterLabPageFixture) {
    this.node = page.locator('#jupyter-codeact-panel');
    this.composer = this.node.getByRole('textbox', { name: 'Message' });
    this.steps = this.node.locator('[data-view^="step-"]');
    this.cards = this.node.locator('.jp-CodeAct-card');
    this.prose = this.node.locator('.jp-CodeAct-prose');
    this.end = this.node.locator('.jp-CodeAct-end');
    this.summary = this.node.locator('.jp-CodeAct-runFacts');
    this.activity = this.node.locator('.jp-CodeAct-activity');
    this.model = this.node.getByRole('combobox', {
      name: 'Model of this conversation'
    });
    this.approvals = this.node.getByRole('combobox', {
      name: 'Approval of cells'
    });
    this.stop = this.node.getByRole('button', { name: 'Stop', exact: true });
  }

  /** The panel is open and knows its server. */
  async open(): Promise<void> {
    await this.page.evaluate(() =>
      window.jupyterapp.commands.execute('codeact:open-panel')
    );
    await expect(this.model).toBeVisible();
  }

  /** The user chooses which cells wait, and agrees where that is asked. */
  async approve(mode: Approval): Promise<void> {
    await this.approvals.selectOption(mode);
    if (mode === 'auto') {
      await this.node
        .getByRole('button', { name: 'Run without asking' })
        .click();
    }
    await expect(this.approvals).toHaveValue(mode);
  }

  async runWithoutAsking(): Promise<void> {
    await this.approve('auto');
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.composer.press('Enter');
    await expect(
      this.node
        .locator('.jp-CodeAct-message, .jp-CodeAct-queued')
        .filter({ hasText: text })
        .last()
    ).toBeVisible();
  }

  /** The mark of the card that was made `index`-th; `name` is what it says to screen readers. */
  mark(index: number, name: string): Locator {
    return this.cards
      .nth(index)
      .locator('.jp-CodeAct-status')
      .and(this.node.getByRole('img', { name, exact: true }));
  }

  /** What came out of the cell of the card that was made `index`-th. */
  output(index: number): Locator {
    return this.cards.nth(index).locator('.jp-CodeAct-output');
  }

  /** The run is over: nothing is going on any more. */
  async finished(): Promise<void> {
    await expect(this.prose.or(this.end).first()).toBeVisible();
    await expect(this.activity).toHaveCount(0);
    await expect(this.stop).toHaveCount(0);
  }

  /** The report has pictures of the page with the panel at two widths, light and dark; nothing is wider than it. */
  async shoot(info: TestInfo, name: string): Promise<void> {
    await this.page.evaluate(() =>
      (
        window.jupyterapp.shell as unknown as { collapseLeft(): void }
      ).collapseLeft()
    );
    for (const theme of ['light', 'dark']) {
      if (theme === 'dark') {
        await this.page.theme.setDarkTheme();
      }
      for (const width of [320, 600]) {
        await this.page.sidebar.setWidth(width, 'right');
        const path = info.outputPath(`${name}-${theme}-${width}.png`);
        await this.page.screenshot({ path });
        await info.attach(`${name}-${theme}-${width}`, { path });
        expect(await this.overflow()).toBe(0);
      }
    }
  }

  /** By how many pixels what is in the panel is wider than the panel. */
  overflow(): Promise<number> {
    return this.node.evaluate(node =>
      Math.max(
        ...[
          node,
          ...Array.from(
            node.querySelectorAll('.jp-CodeAct-scroller, .jp-CodeAct-page')
          )
        ].map(part => part.scrollWidth - part.clientWidth)
      )
    );
  }
}
