/** Nothing moves under the eyes of who reads: measured by the browser itself, and by where things stand in each frame. */
import type { Locator, Page } from '@playwright/test';

import { cell, waitFor } from './support/endpoint';
import { expect, test } from './support/test';

/** What the page recorded: how far `read` was from where it began, and what else was shifted. */
interface IRecord {
  moved: number[];
  shifted: { value: number; what: string }[];
}

type Recording = typeof globalThis & { record: IRecord };

/** From now on the page records where `read` stands in each frame, and all that is shifted up or down in the panel. */
async function watch(read: Locator): Promise<void> {
  await read.evaluate(node => {
    const record: IRecord = { moved: [], shifted: [] };
    (globalThis as Recording).record = record;
    const place = () => node.getBoundingClientRect().top;
    const start = place();
    const look = () => {
      record.moved.push(place() - start);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    interface IShift extends PerformanceEntry {
      value: number;
      sources: {
        node: Node | null;
        previousRect: DOMRect;
        currentRect: DOMRect;
      }[];
    }
    const panel = node.closest('.jp-CodeAct-scroller') as Element;
    const seen = panel.getBoundingClientRect();
    new PerformanceObserver(list => {
      for (const entry of list.getEntries() as IShift[]) {
        // What comes into view from below the visible part has moved nothing in it.
        const source = entry.sources.find(
          ({ node: moved, previousRect, currentRect }) =>
            moved &&
            panel.contains(moved) &&
            previousRect.top < seen.bottom &&
            Math.abs(previousRect.top - currentRect.top) >= 1
        );
        if (source) {
          const what = (source.node as Element).outerHTML ?? '';
          record.shifted.push({ value: entry.value, what: what.slice(0, 200) });
        }
      }
    }).observe({ type: 'layout-shift' });
  });
}

async function recorded(page: Page): Promise<IRecord> {
  return page.evaluate(() => (globalThis as Recording).record);
}

test('while a run streams, fails, asks and ends below, what is read stays where it is', async ({
  begin,
  model,
  notebook,
  page,
  panel
}) => {
  await begin('ask-if-risky');
  const lines = (count: number, what: string) =>
    Array.from({ length: count }, (_, line) => `${what} ${line}.`).join('\n\n');
  await model.script([
    cell(`print("first")\n${waitFor('go')}`, lines(60, 'Read this')),
    { text: cell('row = {}\nrow["x"]', lines(20, 'Streamed')), delay: 0.01 },
    cell('print("risky")\nimport os\nos.getenv("HOME")', 'This asks.'),
    { text: `${lines(20, 'Answered')}\n\nThe end.`, delay: 0.01 }
  ]);
  await panel.send('Go on');
  await expect(panel.output(0)).toContainText('first');

  // The reader scrolls up to the middle of the first step, whose code is about to fold.
  const scroller = panel.node.locator('.jp-CodeAct-scroller');
  const box = await scroller.boundingBox();
  await page.mouse.move((box?.x ?? 0) + 50, (box?.y ?? 0) + 200);
  await page.mouse.wheel(0, -100);
  await expect(panel.node.getByText('Jump to latest')).toBeVisible();
  const read = panel.node.getByText('Read this 55.');
  await expect(read).toBeInViewport();
  await expect(panel.cards.first()).toBeInViewport();

  await watch(read);
  await notebook.writeFile('go');
  await expect(panel.mark(1, 'Failed')).toHaveCount(1);
  await expect(panel.mark(2, 'Waits for approval')).toHaveCount(1);
  await page
    .locator('.jp-CodeAct-cellBar')
    .getByRole('button', { name: 'Run', exact: true })
    .click();
  await expect(panel.summary).toHaveCount(1);
  await panel.finished();

  const { moved, shifted } = await recorded(page);
  expect(moved.length).toBeGreaterThan(10);
  expect(Math.max(...moved.map(Math.abs))).toBeLessThan(1);
  expect(shifted).toEqual([]);
  await expect(panel.node.getByText('Jump to latest')).toBeVisible();
});
