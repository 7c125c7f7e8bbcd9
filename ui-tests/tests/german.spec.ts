import { galata } from '@jupyterlab/galata';

import { cell } from './support/endpoint';
import { expect, test } from './support/test';

test.use({
  mockSettings: {
    ...galata.DEFAULT_SETTINGS,
    '@jupyterlab/translation-extension:plugin': { locale: 'de_DE' }
  }
});

test('the panel speaks German where JupyterLab does', async ({
  model,
  notebook,
  page,
  panel
}, info) => {
  await notebook.write(['']);
  await notebook.open();
  await page.evaluate(() =>
    window.jupyterapp.commands.execute('codeact:open-panel')
  );
  const node = panel.node;
  await node
    .getByRole('combobox', { name: 'Freigabe von Zellen' })
    .selectOption('auto');
  await node.getByRole('button', { name: 'Ohne Frage ausführen' }).click();
  await model.script([
    cell('row = {}\nrow["x"]', 'Ich sehe nach.'),
    cell('# Es behutsamer versuchen\nprint(row.get("x"))', 'Noch einmal.'),
    'Es gibt kein **x**.'
  ]);
  const box = node.getByRole('textbox', { name: 'Nachricht' });
  await box.fill('Was ist x?');
  await box.press('Enter');
  await expect(panel.summary).toHaveText(
    /^2 Zellen, 1 behoben, .* s, .* Token$/
  );
  await expect(node.getByText('Behebt einen Fehler')).toBeVisible();
  await panel.cards.last().getByText('Was das Modell sah').click();
  await panel.shoot(info, 'german');

  await node.getByRole('button', { name: 'Neue Unterhaltung' }).click();
  await model.script([cell('import os\nos.remove("alt.csv")', 'Aufräumen.')]);
  await box.fill('Räum auf');
  await box.press('Enter');
  for (const place of [
    panel.cards.last(),
    page.locator('.jp-CodeAct-cellBar')
  ]) {
    await expect(place.getByRole('listitem')).toHaveText('löscht Dateien');
  }
  await panel.shoot(info, 'german-risks');
});
