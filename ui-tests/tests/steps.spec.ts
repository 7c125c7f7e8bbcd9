import { cell, waitFor } from './support/endpoint';
import { expect, test } from './support/test';

const FAILS = '# Mean delay\nrow = {"Region": "North"}\nrow["region"]';
const MENDED = '# Use the name as it is written\nrow["Region"]';
const PLOT = [
  '# Draw the delays',
  'import base64',
  'from IPython.display import Image, display',
  'import matplotlib.pyplot as plt',
  'plt.plot([1, 3, 2]);'
].join('\n');

/** Code that makes its card a good deal higher when it is unfolded. */
const LONG = Array.from({ length: 30 }, (_, line) => `x = ${line}`).join('\n');

/** A page in which the place of something is watched: how far it was from where it began, in each frame. */
interface IWatched {
  moved: number[];
}

test('a failure and its fix are one thing, and the end says what the run came to', async ({
  begin,
  model,
  notebook,
  page,
  panel
}, info) => {
  await begin();
  await model.script([
    cell(FAILS, 'I will look at the delays.'),
    cell(MENDED, 'The column is written with a capital.'),
    cell(PLOT, 'Now a plot.'),
    'The delays are **small**.'
  ]);
  await panel.send('What about the delays?');
  await expect(panel.summary).toContainText(/^3 cells, 1 fixed, .* tokens$/);
  await panel.finished();

  const [first, last] = await panel.node
    .locator('.jp-mod-fixing')
    .evaluateAll(nodes => nodes.map(node => node.getBoundingClientRect()));
  expect(Math.abs(first.bottom - last.top)).toBeLessThan(1);

  const plot = panel.cards.nth(2);
  await plot.getByText('What the model saw').click();
  const seen = plot.getByRole('img', { name: /^Image 1/ });
  expect(
    await seen.evaluate(node => (node as HTMLImageElement).naturalWidth)
  ).toBeGreaterThan(50);
  await plot.getByRole('button', { name: 'Show code' }).click();
  await plot.getByRole('button', { name: 'Copy the code' }).click();
  await expect(plot.getByRole('button', { name: 'Copied' })).toBeVisible();
  await panel.shoot(info, 'steps');

  await panel.cards
    .first()
    .getByRole('button', { name: 'Go to the cell' })
    .click();
  await notebook.cells
    .nth(1)
    .locator('.jp-InputPrompt')
    .click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Show in CodeAct' }).click();
  const step = panel.node.locator('[data-view="step-1"]');
  await expect(step).toBeFocused();
  await expect(step).toBeInViewport();
});

test('what stands above the reader grows, and what is read stays where it is', async ({
  begin,
  model,
  notebook,
  page,
  panel
}) => {
  await begin();
  const lines = (count: number) =>
    Array.from({ length: count }, (_, line) => `Line ${line} of it.`).join(
      '\n\n'
    );
  await model.script([
    cell(LONG, lines(40)),
    cell(waitFor('end'), lines(60)),
    { text: `${lines(30)}\n\nThe end.`, delay: 0.01, chunk_chars: 8 }
  ]);
  await panel.send('Go on');
  await expect(panel.mark(1, 'Running')).toBeVisible();

  // The reader looks at the prose below what grows.
  const scroller = panel.node.locator('.jp-CodeAct-scroller');
  await scroller.evaluate(node => node.scrollTo(0, node.scrollHeight));
  await page.mouse.move(1400, 400);
  await page.mouse.wheel(0, -300);
  await expect(panel.node.getByText('Jump to latest')).toBeVisible();

  const read = panel.steps.nth(1).locator('.jp-CodeAct-prose');
  const started = await watchPlace(read);
  const unfold = panel.cards.first().getByRole('button', { name: 'Show code' });
  await unfold.evaluate(node => (node as HTMLElement).click()); // without a look at it
  await expect(panel.cards.first()).toContainText('x = 29');
  await notebook.writeFile('end');
  await expect(panel.summary).toHaveCount(1);
  await panel.finished();
  const moved = await read.evaluate(
    () => (window as unknown as IWatched).moved
  );
  expect(started).toBe(true);
  expect(Math.max(...moved.map(Math.abs))).toBeLessThan(1);
  await expect(panel.node.getByText('Jump to latest')).toBeVisible();
});

/** From now on `window.moved` has how far `read` was from where it is now, in each frame. */
function watchPlace(
  read: import('@playwright/test').Locator
): Promise<boolean> {
  return read.evaluate(node => {
    const place = () => node.getBoundingClientRect().top;
    const start = place();
    const moved: number[] = [];
    (window as unknown as IWatched).moved = moved;
    const look = () => {
      moved.push(place() - start);
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    return true;
  });
}
