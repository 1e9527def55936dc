// Accessibility by axe: every rule of WCAG 2.2 A and AA, and axe's best practices.

import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Fails with each violation: the rule, why it matters, and where. `within` limits it to a selector,
 * `except` leaves rules out (say why where you do).
 */
export async function assertAccessible(page, { within, except = [] } = {}) {
  let axe = new AxeBuilder({ page }).withTags(TAGS).disableRules(except);
  if (within) axe = axe.include(within);
  const { violations } = await axe.analyze();
  const told = violations.map(
    ({ id, impact, help, nodes }) =>
      `${id} (${impact}): ${help}\n${nodes.map((node) => `    ${node.target.join(' ')}: ${node.failureSummary}`).join('\n')}`,
  );
  assert.equal(told.length, 0, `axe found:\n  ${told.join('\n  ')}`);
}
