import { violations } from './support/axe';
import { expect, test } from './support/test';

const TABLE =
  'import pandas as pd\nsales = pd.DataFrame({"price": [1, 2], "unit cost": [3, 4]})\nsecret_plan = 42';

test('@ names variables, columns, cells and files, which reach the model', async ({
  model,
  notebook,
  page,
  panel
}, info) => {
  await notebook.write([TABLE, '# Totals\nsales.price.sum()', '# not run yet']);
  await notebook.writeFile('notes.txt', 'Prices are in cents.');
  await notebook.writeFile('big.csv', 'x'.repeat(1_000_001));
  await notebook.open();
  await notebook.run(0);
  await notebook.run(1);
  await expect
    .poll(async () => (await notebook.own(1)).execution_count)
    .toBe(2);
  await panel.open();
  const menu = panel.node.getByRole('listbox', { name: 'Suggestions' });
  const row = (name: string | RegExp) => menu.getByRole('option', { name });

  await panel.composer.focus();
  await page.keyboard.type('Compare @');
  await expect(row(/^sales pandas\.DataFrame/)).toBeVisible();
  await expect(row(/^sales\.price/)).toBeVisible();
  await expect(row(/^cell\[2\] # Totals/)).toBeVisible();
  await expect(row(/^notes\.txt/)).toBeVisible();
  for (const kind of ['Variables', 'Columns', 'Cells', 'Files']) {
    await expect(menu.getByRole('group', { name: kind })).toBeVisible();
  }
  expect(await violations(page)).toEqual([]);
  const active = menu.locator('[aria-selected="true"]');
  await expect(active).toHaveText(/^sales/);
  await expect(panel.composer).toHaveAttribute(
    'aria-activedescendant',
    (await active.getAttribute('id')) ?? '?'
  );
  await panel.shoot(info, 'mentions');
  await page.theme.setLightTheme();
  await panel.composer.focus();

  await page.keyboard.press('ArrowDown');
  await expect(active).not.toHaveText(/^sales p/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(panel.composer).toHaveValue('Compare @sales ');
  await expect(menu).toHaveCount(0);

  await page.keyboard.type('by @unit');
  await expect(row('sales["unit cost"] int64')).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.type('in @tot');
  await row(/Totals/).click();
  await page.keyboard.type('and @no');
  await expect(row(/^notes\.txt/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(menu).toHaveCount(0);
  await page.keyboard.type('tes');
  await page.keyboard.press('Backspace');
  await expect(menu).toHaveCount(0);
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.press('Backspace');
  await page.keyboard.type('@no');
  await row(/^notes\.txt/).click();
  // Nothing is waited for: what is known already is there at once.
  await page.keyboard.type('and @secret');
  await page.keyboard.press('Enter');
  await page.keyboard.type('not @big');
  await page.keyboard.press('Enter');
  await expect(panel.composer).toHaveValue(
    'Compare @sales by @sales["unit cost"] in @cell[2] and @notes.txt and @secret_plan not @big.csv '
  );
  await expect(
    panel.node.getByText('big.csv is larger than 1.0 MB')
  ).toBeVisible();
  await panel.node
    .getByRole('button', { name: 'Show the model: secret_plan' })
    .click();
  await panel.node.getByRole('button', { name: 'Remove big.csv' }).click();
  expect(await violations(page)).toEqual([]);
  await panel.shoot(info, 'chips');

  await panel.node
    .getByRole('button', { name: 'Show the model: Variables' })
    .click();
  await model.script(['Compared.']);
  await panel.composer.press('Enter');
  await expect(panel.prose.last()).toHaveText('Compared.');
  await expect(
    panel.node.getByRole('button', { name: /^Remove / })
  ).toHaveCount(0);
  const [told] = await model.told();
  expect(told).toContain('Compare @sales by @sales[');
  expect(told).toContain('kind="variable" name="sales">');
  expect(told).toContain('sales.unit cost: pandas.Series, 2 values');
  expect(told).toContain('kind="cell" name="cell[2]">');
  expect(told).toContain('# cell own-1 (code, [2])\n# Totals');
  expect(told).toContain('# output of cell own-1\nnp.int64(3)\n</attachment');
  expect(told).toContain('Prices are in cents.');
  expect(told).not.toContain('name="secret_plan"');
  expect(told).not.toContain('name="big.csv"');
});

test('while the kernel is busy all else is offered at once, and a line says what is missing', async ({
  notebook,
  page,
  panel
}) => {
  await notebook.write(['import time\nmine = 1\ntime.sleep(30)']);
  await notebook.writeFile('notes.txt', 'x');
  await notebook.open();
  await panel.open();
  await notebook.run(0);
  await expect.poll(() => notebook.kernelState()).toBe('busy');
  await panel.composer.focus();
  await page.keyboard.type('@');
  const menu = panel.node.getByRole('listbox', { name: 'Suggestions' });
  await expect(menu.getByRole('option', { name: /^notes/ })).toBeVisible();
  await expect(
    panel.node.getByText('No variables: The kernel is busy with a cell.', {
      exact: true
    })
  ).toBeVisible();
  await expect(menu.getByRole('group', { name: 'Variables' })).toHaveCount(0);
});
