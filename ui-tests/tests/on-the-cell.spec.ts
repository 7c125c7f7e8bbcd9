/** What is decided on the proposed cell itself, with the keyboard and with its buttons. */
import { cell } from './support/endpoint';
import { expect, test } from './support/test';

const LOOK = 'import os\nos.remove("old.csv")\nos.environ["HOME"]';

test('a cell is rejected with a note, and the next one runs with all that follow', async ({
  begin,
  model,
  notebook,
  page,
  panel
}) => {
  await begin('ask');
  await model.script([
    cell('open("unwanted", "w").close()'),
    cell('print("wanted")'),
    cell('open("unasked", "w").close()'),
    'Done.',
    cell('open("later", "w").close()'),
    'All done.',
    cell('print("new")')
  ]);
  const bar = page.locator('.jp-CodeAct-cellBar');

  await panel.send('Write files');
  await expect(bar).toContainText('writes or overwrites files');
  await bar.getByRole('button', { name: 'Reject' }).click();
  const note = bar.getByRole('textbox', { name: /Why not/ });
  await expect(note).toBeFocused();
  await note.pressSequentially('dd, no files'); // keys that delete cells elsewhere
  await page.keyboard.press('Enter');

  await expect(bar).toBeVisible();
  await expect(panel.mark(1, 'Waits for approval')).toBeVisible();
  const [, told] = await model.told();
  expect(told).toContain('dd, no files');
  await bar.getByRole('button', { name: 'Run all' }).click();
  await bar.getByRole('button', { name: 'Keep asking' }).click();
  await bar.getByRole('button', { name: 'Run all' }).click();
  await bar.getByRole('button', { name: 'Run without asking' }).click();
  await expect(panel.prose.last()).toHaveText('Done.');
  await panel.finished();
  await expect(bar).toHaveCount(0);
  expect(await notebook.hasFile('unwanted')).toBe(false);
  expect(await notebook.hasFile('unasked')).toBe(true);

  await expect(panel.approvals).toHaveClass(/jp-mod-armed/);
  await panel.send('And later');
  await expect(panel.prose.last()).toHaveText('All done.');
  expect(await notebook.hasFile('later')).toBe(true);

  await panel.node.getByRole('button', { name: 'New conversation' }).click();
  await expect(panel.approvals).toHaveValue('ask');
  await panel.send('Again');
  await expect(bar).toBeVisible();
});

test('only a risky cell waits where risks are asked about', async ({
  model,
  notebook,
  page,
  panel
}) => {
  await notebook.write(['']);
  await notebook.writeFile('old.csv');
  await notebook.open();
  await panel.open();
  await panel.approve('ask-if-risky');
  await model.script([cell('print(6 * 7)'), cell(LOOK), 'Cleaned up.']);

  await panel.send('Clean up');
  await expect(panel.mark(0, 'Done')).toBeVisible();
  await expect(panel.mark(1, 'Waits for approval')).toBeVisible();
  const risks = ['deletes files', 'reads environment variables or credentials'];
  for (const place of [
    page.locator('.jp-CodeAct-cellBar'),
    panel.cards.nth(1)
  ]) {
    await expect(place.getByRole('listitem')).toHaveText(risks);
  }
  expect(await notebook.hasFile('old.csv')).toBe(true);
  await page
    .locator('.jp-CodeAct-cellBar')
    .getByRole('button', { name: 'Run', exact: true })
    .click();
  await expect(panel.prose.last()).toHaveText('Cleaned up.');
  await panel.finished();
  expect(await notebook.hasFile('old.csv')).toBe(false);
});

test('a proposed cell fits its place, light and dark', async ({
  model,
  notebook,
  page,
  panel
}, info) => {
  await notebook.write(['import pandas as pd', '1 / 0']);
  await notebook.open();
  await notebook.run(1);
  await panel.open();
  await page.sidebar.close('left');
  await page.sidebar.setWidth(320, 'right');
  await model.script([cell(`${LOOK}\nadm\u200bin = "\u202etxt"`)]);
  await panel.send('Clean up');
  const bar = page.locator('.jp-CodeAct-cellBar');
  await expect(bar).toContainText('adm\\u200bin = "\\u202etxt"');
  const shoot = async (name: string) => {
    const path = info.outputPath(`${name}.png`);
    await page.screenshot({ path });
    await info.attach(name, { path });
  };
  for (const theme of ['light', 'dark']) {
    if (theme === 'dark') {
      await page.theme.setDarkTheme();
    }
    const over = await bar.evaluate(
      node => node.scrollWidth - node.clientWidth
    );
    expect(over).toBe(0);
    await shoot(theme);
    await bar.getByRole('button', { name: 'Run all' }).click();
    await panel.approvals.selectOption('auto');
    await shoot(`${theme}-confirming`);
    await bar.getByRole('button', { name: 'Keep asking' }).click();
    await panel.node.getByRole('button', { name: 'Keep asking' }).click();
  }
});
