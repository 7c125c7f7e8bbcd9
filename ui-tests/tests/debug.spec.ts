import { cell, waitFor } from './support/endpoint';
import { sourceOf, textOf } from './support/notebook';
import { expect, test } from './support/test';

const ESCAPE = String.fromCharCode(27);

test('an error is shown to the model, which corrects its cell', async ({
  begin,
  model,
  notebook,
  page,
  panel
}) => {
  await begin();
  await model.script([
    cell('total = sum(nubmers)'),
    cell('numbers = [20, 22]\ntotal = sum(numbers)\ntotal'),
    'The total is 42.'
  ]);

  await panel.send('What is the total?');

  await expect(panel.prose.last()).toHaveText('The total is 42.');
  await panel.finished();
  await expect(panel.mark(0, 'Failed')).toBeVisible();
  await expect(panel.mark(1, 'Done')).toBeVisible();
  await expect(panel.cards).toHaveCount(2);

  const [, failed, corrected, ...more] = await notebook.live();
  expect(more).toEqual([]);
  expect(sourceOf(failed)).toBe('total = sum(nubmers)');
  expect(textOf(failed)).toBe('NameError');
  expect(textOf(corrected)).toBe('42');

  const [, traceback] = await model.told();
  expect(traceback).toContain("NameError: name 'nubmers' is not defined");
  expect(traceback).not.toContain(ESCAPE);

  await panel.cards
    .first()
    .getByRole('button', { name: 'Go to the cell' })
    .click();
  await expect(notebook.cells.nth(1)).toHaveClass(/jp-mod-active/);
  await expect(page.locator('.jp-Notebook:visible')).toHaveClass(
    /jp-mod-commandMode/
  );

  const seen = panel.cards.nth(1).getByText('What the model saw');
  await seen.click();
  await expect(
    panel.cards.nth(1).locator('.jp-CodeAct-observationText')
  ).toContainText('42');
});

test('a mark is given only after the kernel has said so', async ({
  begin,
  model,
  notebook,
  panel
}) => {
  await begin();
  await model.script([cell(waitFor('go')), 'It was there.']);

  await panel.send('Wait for the file go');

  await expect(panel.mark(0, 'Running')).toBeVisible();
  await expect(panel.cards.locator('.jp-mod-ok, .jp-mod-error')).toHaveCount(0);
  await notebook.writeFile('go');
  await expect(panel.mark(0, 'Done')).toBeVisible();
  await panel.finished();
});
