import { cell, waitFor } from './support/endpoint';
import { sourceOf, textOf } from './support/notebook';
import { expect, test } from './support/test';

test("the user's own cells run once, before and behind the agent's", async ({
  begin,
  model,
  notebook,
  panel
}) => {
  await begin('auto', [
    'n = 1',
    waitFor('first') + '\nn += 10',
    'n += 100',
    'n += 1000\n1 / 0',
    'print(n)'
  ]);
  await model.script([
    cell(waitFor('second') + '\nn += 10000\nraise KeyError("of the agent")'),
    cell(waitFor('third') + '\nn += 100000'),
    'Counted.'
  ]);

  await notebook.run(0);
  await notebook.run(1);
  await panel.send('Count');
  await expect(panel.activity).toContainText('Waiting for the kernel');
  await notebook.run(2); // behind the agent's cell, which fails
  await notebook.writeFile('first');
  await expect(panel.activity).toContainText('Running the cell');
  await notebook.writeFile('second');
  await expect(panel.mark(0, 'Failed')).toBeVisible();
  await expect(panel.mark(1, 'Running')).toBeVisible();
  await notebook.run(3); // behind the agent's next cell, and fails itself
  await notebook.writeFile('third');
  await expect(panel.prose.last()).toHaveText('Counted.');
  await panel.finished();
  await expect(panel.mark(1, 'Done')).toBeVisible();
  await expect
    .poll(async () => textOf(await notebook.own(3)))
    .toBe('ZeroDivisionError');

  await notebook.run(4);
  await expect.poll(async () => textOf(await notebook.own(4))).toBe('111111\n');
  expect(textOf(await notebook.own(2))).toBe('');
});

test('typing goes on undisturbed while cells are inserted and run', async ({
  begin,
  model,
  notebook,
  panel
}) => {
  await begin();
  await model.script([
    ...[0, 1, 2, 3].map(index => cell(`print(${index})`)),
    cell(waitFor('go')),
    'Printed.'
  ]);
  const written = 'and then, please, the same again but with larger numbers';

  await panel.send('Print numbers');
  await expect(panel.composer).toBeFocused();
  await panel.composer.pressSequentially(written, { delay: 40 });
  await expect(panel.mark(4, 'Running')).toBeVisible();
  await expect(panel.composer).toBeFocused();
  await expect(panel.composer).toHaveValue(written);
  await notebook.writeFile('go');
  await expect(panel.prose.last()).toHaveText('Printed.');
  await panel.finished();
  await expect(panel.composer).toBeFocused();
  await expect(panel.composer).toHaveValue(written);
});

test('a cell that the user deleted stays away', async ({
  begin,
  model,
  notebook,
  page,
  panel
}) => {
  await begin();
  await model.script([cell('first = 1'), cell('second = 2'), 'Both are set.']);
  await panel.send('Set both');
  await expect(panel.prose.last()).toHaveText('Both are set.');
  await panel.finished();

  await notebook.select(1);
  await page.keyboard.press('d');
  await page.keyboard.press('d');
  await expect(notebook.cells).toHaveCount(2);
  await page.keyboard.press('Control+s');
  const sources = async () => (await notebook.saved()).map(sourceOf);
  await expect.poll(sources).toEqual(['', 'second = 2']);

  await page.reload();
  await notebook.open();
  await panel.open();
  await expect(panel.cards).toHaveCount(2);
  await model.script([cell('third = 3'), 'That too.']);
  await panel.runWithoutAsking();
  await notebook.select(1);
  await panel.send('And a third');
  await expect(panel.prose.last()).toHaveText('That too.');
  await panel.finished();
  await expect.poll(sources).toEqual(['', 'second = 2', 'third = 3']);
});

test('what the user does to earlier cells during a run stays, and the model is told in a line', async ({
  begin,
  model,
  notebook,
  page,
  panel
}) => {
  await begin();
  const third = `${waitFor('go')}\nthird = 3`;
  await model.script([
    cell('first = 1'),
    cell('second = 2'),
    cell(third),
    { text: cell('fourth = 4', 'On. '.repeat(80)), delay: 0.1, chunk_chars: 4 },
    'All are set.'
  ]);
  const sources = async () => (await notebook.live()).map(sourceOf);
  /** The page has told the server what became of its cells. */
  const reported = () =>
    page.waitForResponse(answer => /\/changes\?/.test(answer.url()));

  await panel.send('Set them');
  await expect(panel.mark(2, 'Running')).toBeVisible();
  const ids = (await notebook.live()).map(({ id }) => id);
  let news = reported();
  await notebook.select(1);
  await page.keyboard.press('d');
  await page.keyboard.press('d');
  await news;
  news = reported();
  const second = notebook.cells.nth(1).locator('.cm-content');
  await second.fill('second = 20');
  await news;
  expect(await sources()).toEqual(['', 'second = 20', third]);
  await notebook.writeFile('go');

  // And while the model writes.
  await expect(panel.activity).toContainText('Writing');
  news = reported();
  await second.fill('second = 200');
  await news;
  await expect(panel.activity).toContainText('Writing');
  const left = ['', 'second = 200', third, 'fourth = 4'];
  await expect(panel.prose.last()).toHaveText('All are set.');
  await panel.finished();
  await expect.poll(sources).toEqual(left);
  await expect
    .poll(async () => (await notebook.saved()).map(sourceOf))
    .toEqual(left);

  const told = await model.told();
  expect(told).toHaveLength(5);
  expect(told[3].split(`The user deleted cell ${ids[1]}`)).toHaveLength(2);
  expect(told[3].split(`The user edited cell ${ids[2]}`)).toHaveLength(2);
  expect(told[3]).toMatch(/second = 2\W+-> \W+second = 20\W/);
  expect(told[4].split(`The user edited cell ${ids[2]}`)).toHaveLength(2);
  expect(told[4]).toContain('second = 200');

  await page.reload();
  await notebook.open();
  await panel.open();
  await expect(panel.steps).toHaveCount(5);
  expect(await sources()).toEqual(left);
});
