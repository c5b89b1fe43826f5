/** @file The page, with what draws its charts loaded only then. */
import type { RewardTrainingData } from './reward-training-data.js';

/** Renders the page. The same data gives the same bytes. */
export async function renderRewardTrainingHtml(data: RewardTrainingData): Promise<string> {
  const page = await import('./reward-training-page.js');
  return page.rewardTrainingPage(data);
}
