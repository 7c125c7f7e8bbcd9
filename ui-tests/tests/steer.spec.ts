import { cell, waitFor } from './support/endpoint';
import { expect, test } from './support/test';

test('what is said during a run waits in sight, is changed or taken back, and is told at the next step', async ({
  begin,
  model,
  notebook,
  page,
  panel
}, info) => {
  await begin();
  const { node } = panel;
  const queue = node.getByRole('region', { name: 'Queued messages' });
  const waiting = queue.getByRole('listitem');
  const log = node.getByRole('log');

  await model.script([
    cell(`print("begun")\n${waitFor('go')}`),
    cell(`print("again")\n${waitFor('on')}`),
    'Done.'
  ]);
  await panel.send('Look at the delays');
  await expect(panel.output(0)).toContainText('begun');
  for (const text of ['By region, please', 'Draw it', 'Round the numbers']) {
    await panel.send(text);
  }
  await expect(waiting).toHaveCount(3);
  await expect(queue).toContainText('Will be told at the next step');
  await expect(log).not.toContainText('By region');
  await panel.shoot(info, 'queue');

  await queue.getByRole('button', { name: 'Edit "By region, please"' }).click();
  const editor = queue.getByRole('textbox', { name: 'Queued message' });
  await editor.fill('By city, please');
  await editor.press('Enter');
  await expect(waiting.first()).toContainText('By city, please');
  await queue.getByRole('button', { name: 'Take back "Draw it"' }).click();
  await expect(waiting).toHaveCount(2);

  // Another change is begun, and the model is told before it is saved.
  await queue.getByRole('button', { name: 'Edit "Round the numbers"' }).click();
  await editor.fill('Round the numbers up');
  await notebook.writeFile('go');
  await expect(panel.output(1)).toContainText('again');
  await expect(queue).toHaveCount(0);
  await expect(log).toContainText('By city, please');
  await expect(log).not.toContainText('Draw it');
  await expect(panel.composer).toHaveValue('Round the numbers up');
  await expect(node.getByText('Your change came too late')).toBeVisible();
  await panel.composer.press('Enter');
  await expect(waiting).toHaveText([/Round the numbers up/]);

  // What waits is there after a reload, too.
  await page.reload();
  await page.evaluate(async path => {
    await window.jupyterapp.commands.execute('docmanager:open', { path });
  }, notebook.path);
  await panel.open();
  await expect(waiting).toHaveText([/Round the numbers up/]);
  await notebook.writeFile('on');
  await expect(panel.prose.last()).toHaveText('Done.');
  await panel.finished();

  const told = await model.told();
  expect(told).toHaveLength(3);
  expect(told[1]).toContain('By city, please');
  expect(told[1]).toContain('Round the numbers');
  expect(told[2]).toContain('Round the numbers up');
  expect(JSON.stringify(await model.requests())).not.toMatch(
    /By region|Draw it/
  );
});
