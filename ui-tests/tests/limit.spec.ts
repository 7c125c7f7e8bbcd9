import { cell } from './support/endpoint';
import { expect, test } from './support/test';

/** `max_steps` in `jupyter_server_test_config.py`. */
const STEPS = 12;

test('code without an end ends at the limit, and goes on when told to', async ({
  begin,
  model,
  notebook,
  panel
}) => {
  await begin();
  await model.script([cell('n = globals().get("n", 0) + 1\nn')], true);

  await panel.send('Count');

  await expect(panel.end).toContainText(`${STEPS} steps`);
  await panel.finished();
  await expect(panel.cards).toHaveCount(STEPS);
  await expect(notebook.cells).toHaveCount(STEPS + 1);

  await model.script([cell('print("n is", n)'), 'I counted to the limit.']);
  await panel.end.getByRole('button', { name: /^Continue/ }).click();

  await expect(panel.prose.last()).toHaveText('I counted to the limit.');
  await expect(panel.cards).toHaveCount(STEPS + 1);
  await expect(panel.output(STEPS)).toHaveText(`n is ${STEPS}\n`);
});
