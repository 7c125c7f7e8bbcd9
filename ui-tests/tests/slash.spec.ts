import { violations } from './support/axe';
import { expect, test } from './support/test';

test('/ offers commands, and each does what it says', async ({
  model,
  notebook,
  page,
  panel
}, info) => {
  await notebook.write(['rate = 1 / 0', 'x = 1']);
  await notebook.open();
  await notebook.run(0);
  await expect
    .poll(async () => (await notebook.own(0)).outputs?.[0]?.ename)
    .toBe('ZeroDivisionError');
  await notebook.select(1);
  await panel.open();
  const rows = panel.node
    .getByRole('listbox', { name: 'Suggestions' })
    .getByRole('option');
  const said = panel.node.locator('.jp-CodeAct-notice');
  const write = async (text: string) => {
    await panel.composer.focus();
    await page.keyboard.type(text);
  };

  await write('/');
  await expect(rows).toHaveCount(6);
  expect(await violations(page)).toEqual([]);
  await panel.shoot(info, 'commands');
  await page.theme.setLightTheme();
  await model.script(['It divides by zero.', 'Because.', 'It is.', 'Yes.']);
  await write('fi');
  await expect(rows).toHaveCount(1);
  await page.keyboard.press('Enter');
  await expect(panel.prose.last()).toHaveText('It divides by zero.');
  await panel.finished();
  await write('/exp');
  await page.keyboard.press('Tab');
  await expect(panel.composer).toHaveValue('/explain ');
  await write('Be brief.');
  await page.keyboard.press('Enter');
  await expect(panel.prose.last()).toHaveText('Because.');
  await panel.finished();
  const told = await model.told();
  expect(told[0]).toContain(
    'Fix cell [1] (`own-0`), which fails with `ZeroDivisionError'
  );
  expect(told[1]).toContain('Change nothing. Be brief.');

  await write('/tmp is full');
  await page.keyboard.press('Enter');
  await expect(said).toContainText('There is no command /tmp.');
  expect(await model.requests()).toHaveLength(2);
  await page.keyboard.press('Enter');
  await expect(panel.prose.last()).toHaveText('It is.');
  await panel.finished();
  await write('/data/x.csv is broken');
  await page.keyboard.press('Enter');
  await expect(panel.prose.last()).toHaveText('Yes.');
  await panel.finished();

  await write('/help');
  await page.keyboard.press('Enter');
  const help = panel.node.getByRole('region', { name: 'Commands and keys' });
  await expect(help).toContainText('/explain');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: info.outputPath('help.png') });
  await page.keyboard.press('Escape');
  await expect(help).toHaveCount(0);
  await expect(panel.composer).toBeFocused();

  const saved = page.waitForEvent('download');
  await write('/export markdown');
  await page.keyboard.press('Enter');
  expect((await saved).suggestedFilename()).toMatch(/\.md$/);
  await expect(said).toHaveText('Saved by the browser.');
  await write('/export');
  await page.keyboard.press('Enter');
  await expect(
    page.getByRole('menuitem', { name: 'Notebook (.ipynb)' })
  ).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(panel.composer).toBeFocused();

  await write('/model nothing');
  await page.keyboard.press('Enter');
  await expect(said).toHaveText('There is no model nothing. Connect it first.');
  await panel.composer.fill('/model offline');
  await page.keyboard.press('Enter');
  await expect(panel.model).toHaveValue('offline');
  await write('/model');
  await page.keyboard.press('Enter');
  await expect(panel.model).toBeFocused();
  await page.keyboard.press('Escape');

  await write('/new and then');
  await page.keyboard.press('Enter');
  await expect(panel.node.locator('.jp-CodeAct-message')).toHaveCount(0);
  await expect(panel.composer).toHaveValue('and then');
});
