import { cell } from './support/endpoint';
import { textOf } from './support/notebook';
import { expect, test } from './support/test';

const R = { name: 'ir', display_name: 'R', language: 'R' };

test('R: an error is corrected, and a plot is shown', async ({
  model,
  notebook,
  panel
}) => {
  await notebook.write([''], R);
  await notebook.open();
  await panel.open();
  await panel.runWithoutAsking();
  await model.script([
    cell('# The mean speed\nmean(speeds)', 'I look at the speeds.', 'r'),
    cell(
      '# Distances by speed\nplot(cars, main = "Stopping")\nmean(cars$speed)',
      'The data is called cars.',
      'r'
    ),
    'Cars were tested at **15.4 mph**; faster ones need longer to stop.'
  ]);

  await panel.send('How far do cars go until they stop?');

  await expect(panel.prose.last()).toContainText('15.4 mph');
  await panel.finished();
  await expect(panel.mark(0, 'Failed')).toBeVisible();
  await expect(panel.mark(1, 'Done')).toBeVisible();
  await expect(panel.output(1).locator('img')).toBeVisible();
  const [, , plotted] = await notebook.live();
  expect(textOf(plotted)).toContain('[1] 15.4');

  const [request] = await model.requests();
  expect(request.body.messages[0].content).toContain('```r\n#');
  const [, error, seen] = await model.told();
  expect(error).toContain("object 'speeds' not found");
  expect(seen).toContain('[image 1: image/png, 840x840]');
});

test('a cell asks, and the panel turns to its conversation', async ({
  begin,
  model,
  notebook,
  panel
}) => {
  await begin('ask', ['%load_ext jupyter_codeact', '']);
  await notebook.run(0);
  await model.script([cell('6 * 7'), 'It is 42.']);

  await notebook.runLast('%%codeact\nWhat is six times seven?');

  await expect(panel.node.locator('.jp-CodeAct-message')).toHaveText(
    /six times seven/
  );
  await panel.node.getByRole('button', { name: 'Run', exact: true }).click();
  await expect(panel.prose.last()).toHaveText('It is 42.');
  const [, , asked] = await notebook.live();
  expect(textOf(asked)).toBe('42');
});
