import type { IEndView, IStepView, View } from '../views';
import { viewsOf } from '../views';
import { Conversation } from './doubles';

const steps = (views: View[]) =>
  views.filter((view): view is IStepView => view.kind === 'step');
const ends = (views: View[]) =>
  views.filter((view): view is IEndView => view.kind === 'end');

describe('viewsOf', () => {
  it('shows messages, steps and ends in the order of the journal', () => {
    const { state } = new Conversation()
      .begin('one')
      .step(1, 'x')
      .end('stopped')
      .begin('two', 'r2')
      .step(2, 'y');
    expect(viewsOf(state, null, true).map(view => view.key)).toEqual([
      'message-2',
      'step-1',
      'end-r1',
      'message-8',
      'step-2'
    ]);
  });

  it('shows a message that steers between the steps it came between', () => {
    const { state } = new Conversation()
      .begin()
      .step(1, 'x')
      .say('no, the other one', 'm')
      .step(2, 'y');
    expect(viewsOf(state, null, true).map(view => view.kind)).toEqual([
      'message',
      'step',
      'message',
      'step'
    ]);
  });

  it.each(['ok', 'error', 'interrupted', 'aborted', 'lost'] as const)(
    'says %s only once the cell does',
    status => {
      const conversation = new Conversation().begin().reply(1, '```\nx\n```');
      const now = (live: boolean) =>
        steps(viewsOf(conversation.state, null, live))[0].status;
      expect(now(true)).toBeNull();
      conversation.submit(1, 'x');
      expect(now(true)).toBe('running');
      expect(now(false)).toBe('unknown');
      conversation.finish(1, status);
      expect(now(true)).toBe(status);
      expect(now(false)).toBe(status);
    }
  );

  it('follows a proposal to its decision', () => {
    const conversation = new Conversation().begin().reply(1, '```\nx\n```');
    const now = (live: boolean) =>
      steps(viewsOf(conversation.state, null, live))[0].status;
    conversation.propose(1, 'x');
    expect(now(true)).toBe('proposed');
    expect(now(false)).toBe('withdrawn');
    const decide = (decision: 'approve' | 'reject') =>
      conversation.add({
        kind: 'approval_decided',
        decision_id: decision,
        step: 1,
        decision,
        source: 'x',
        note: '',
        approval_from_now: null
      });
    decide('approve');
    expect(now(true)).toBe('starting');
    decide('reject');
    expect(now(true)).toBe('rejected');
  });

  it('streams a reply under the key that its step will have', () => {
    const conversation = new Conversation().begin();
    const text = 'First.\n\n```python\nx =';
    const partial = { step: 1, text, reasoning: '' };
    const [streamed] = steps(viewsOf(conversation.state, partial, true));
    expect(streamed).toMatchObject({
      key: 'step-1',
      status: 'writing',
      facts: null,
      reply: { before: 'First.', code: 'x =' }
    });
    conversation.reply(1, 'First.');
    const views = steps(viewsOf(conversation.state, partial, true));
    expect(views.map(view => view.key)).toEqual(['step-1']);
  });

  it('streams in the format of the run, or of its latest step', () => {
    const conversation = new Conversation().begin('go', 'r1', null, 'execute');
    const text = '<thought>First.</thought>\n<execute>\nx =';
    const partial = { step: 1, text, reasoning: '' };
    const [streamed] = steps(viewsOf(conversation.state, partial, true));
    expect(streamed.reply).toMatchObject({ before: 'First.', code: 'x =' });
    conversation.add({
      kind: 'model_replied',
      step: 1,
      seen_seq: 3,
      text: 'Hm.',
      language: 'python',
      call: null,
      action_format: 'fenced',
      reasoning: '',
      finish_reason: 'stop',
      usage: {
        prompt_tokens: 1,
        completion_tokens: 1,
        cached_tokens: 0,
        estimated: false
      },
      seconds: 1
    });
    const next = { step: 2, text: 'So:\n```\nx', reasoning: '' };
    const streaming = steps(viewsOf(conversation.state, next, true))[1];
    expect(streaming.reply).toMatchObject({ before: 'So:', code: 'x' });
  });

  it('shows the code of a function call beside the prose', () => {
    const conversation = new Conversation().begin('go', 'r1', null, 'tool');
    conversation.reply(1, 'I look.').submit(1, 'x = 1');
    const [view] = steps(viewsOf(conversation.state, null, true));
    expect(view.reply).toEqual({ before: 'I look.', code: 'x = 1', after: '' });
    expect(view.cell?.source).toBe('x = 1');
  });

  it('does not say a solution twice', () => {
    const conversation = new Conversation().begin('go', 'r1', null, 'execute');
    conversation.reply(1, '<thought>I know.</thought><solution>42</solution>');
    conversation.end('answered', { answer: '42' });
    const [end] = ends(viewsOf(conversation.state, null, false));
    expect(end.answer).toBe('');
  });

  it('groups a failure with what follows, up to the first success', () => {
    const { state } = new Conversation()
      .begin()
      .step(1, 'a')
      .step(2, 'b', 'error')
      .step(3, 'c', 'error')
      .step(4, 'd')
      .step(5, 'e');
    const fixing = steps(viewsOf(state, null, true)).map(view => view.fixing);
    expect(fixing).toEqual([null, 'first', 'inside', 'last', null]);
  });

  it('does not count an answer, another run or a lone failure as a fix', () => {
    const lone = new Conversation().begin().step(1, 'a', 'error');
    const fixing = () =>
      steps(viewsOf(lone.state, null, false)).map(view => view.fixing);
    expect(fixing()).toEqual([null]);
    lone.reply(2, 'I give up.').end('answered', { answer: 'I give up.' });
    expect(fixing()).toEqual([null, null]);
    lone.begin('again', 'r2').step(3, 'b', 'error');
    lone.begin('again', 'r3').step(4, 'c');
    expect(fixing()).toEqual([null, null, null, null]);
  });

  it('is the same object until something of it changes', () => {
    const conversation = new Conversation()
      .begin()
      .step(1, 'x', 'error')
      .step(2, 'y')
      .end('stopped')
      .begin('more', 'r2');
    const views = () => viewsOf(conversation.state, null, true);
    const before = views();
    conversation.reply(3, 'more');
    const after = views();
    expect(after).toHaveLength(before.length + 1);
    before.forEach((view, index) => expect(after[index]).toBe(view));
    conversation.output(2, { output_type: 'stream', name: 'stdout', text: '' });
    const [first, second] = steps(views());
    expect(first).toBe(steps(before)[0]);
    expect(second).not.toBe(steps(before)[1]);
  });

  it('does not say an answer twice, but says one that no step says', () => {
    const answer = 'All is well.';
    const said = (text: string) => {
      const conversation = new Conversation().begin().reply(1, text);
      conversation.end('answered', { answer });
      return ends(viewsOf(conversation.state, null, false));
    };
    expect(said('All is well. ')).toMatchObject([{ answer: '' }]);
    expect(said('Something.')).toMatchObject([{ answer }]);
  });

  it('calls an open run that nobody works on cut', () => {
    const conversation = new Conversation().begin().step(1, 'x');
    expect(ends(viewsOf(conversation.state, null, true))).toEqual([]);
    expect(ends(viewsOf(conversation.state, null, false))).toMatchObject([
      { reason: 'cut', latest: true }
    ]);
    conversation.begin('go on', 'r2').reply(2, 'done');
    const kinds = viewsOf(conversation.state, null, true).map(
      view => view.kind
    );
    expect(kinds).toEqual(['message', 'step', 'message', 'end', 'step']);
  });
});
