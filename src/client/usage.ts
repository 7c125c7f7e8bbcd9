import type { Price, Usage } from '../events';

/** The sum of `usages`; of one, it in full, as older journals lack fields. */
export function sum(...usages: Usage[]): Usage {
  return usages.reduce(
    (one, other) => ({
      prompt_tokens: one.prompt_tokens + other.prompt_tokens,
      completion_tokens: one.completion_tokens + other.completion_tokens,
      cached_tokens: one.cached_tokens + (other.cached_tokens ?? 0), // older journals lack it
      estimated: one.estimated || other.estimated
    }),
    {
      prompt_tokens: 0,
      completion_tokens: 0,
      cached_tokens: 0,
      estimated: false
    }
  );
}

/** What `usage` costs, as `Price.cost` in Python computes it. */
export function costOf(price: Price, usage: Usage): number {
  const fresh = (usage.prompt_tokens - usage.cached_tokens) * price.prompt;
  const cached = usage.cached_tokens * (price.cached ?? price.prompt);
  return (fresh + cached + usage.completion_tokens * price.completion) / 1e6;
}
