import type { ICell } from './support/notebook';
import { hasImage, sourceOf, textOf } from './support/notebook';
import { expect, test } from './support/test';

test.use({ connected: false });

const isError = (output: { output_type: string }) =>
  output.output_type === 'error';

/** The variables that the cells assign at their top level, the first one first. */
function assigned(cells: ICell[]): string[] {
  const names = cells.flatMap(each =>
    Array.from(sourceOf(each).matchAll(/^([a-z]\w*) = /gm), match => match[1])
  );
  return Array.from(new Set(names));
}

test('the offline analyst works on the data, in the notebook that stays the user’s', async ({
  notebook,
  panel
}) => {
  await notebook.writeExample();
  await notebook.open();
  await panel.open();
  const own = (await notebook.live()).map(({ id }) => id);

  await panel.send(
    'Profile deliveries.csv and show what drives late deliveries'
  );
  await expect(panel.prose.last()).toContainText(/\d/);
  await panel.finished();
  const cells = (await notebook.live()).filter(({ id }) => !own.includes(id));
  expect(cells.length).toBeGreaterThan(2);
  expect(cells.every(each => (each.outputs ?? []).length > 0)).toBe(true);
  expect(cells.filter(hasImage).length).toBeGreaterThan(0);
  await expect(panel.steps).toHaveCount(cells.length + 1); // and the answer
  const failed = cells.flatMap(each => each.outputs ?? []).filter(isError);
  expect(failed).toEqual([]);
  await expect(panel.cards.locator('img').first()).toBeVisible();
  await expect(notebook.cells.locator('img').first()).toBeVisible();

  const answer = (await panel.prose.last().textContent()) ?? '';
  const numbers = answer.match(/\d+\.\d+/g) ?? [];
  expect(numbers.length).toBeGreaterThan(2);
  const outputs = cells.map(textOf).join('\n');
  expect(numbers.filter(number => !outputs.includes(number))).toEqual([]);

  const [frame] = assigned(cells);
  await notebook.runNew(`len(${frame})`);
  await expect
    .poll(async () => textOf((await notebook.live()).at(-1) as ICell))
    .toMatch(/^\d{4}$/);
});

test('the offline analyst uses what the user has made', async ({
  notebook,
  panel
}) => {
  await notebook.write([
    [
      'import pandas as pd',
      'towns = ["Ulm"] * 6 + ["Bern"] * 6',
      'trips = pd.DataFrame({"town": towns, "fare": [10.0, 20.5] * 3 + [91.5] * 6})'
    ].join('\n')
  ]);
  await notebook.open();
  await panel.open();
  await notebook.run(0);
  await expect
    .poll(async () => (await notebook.own(0)).execution_count)
    .toBe(1);

  await panel.send('Average fare by town in trips');
  await expect(panel.prose.last()).toContainText('15.25');
  await expect(panel.prose.last()).toContainText('91.5');
  await panel.finished();
});
