import type { WrittenPrompt } from '../prompts-definition.js';

/**
 * The prompts of P1: Du, Lu, Huang et al., "Bridging the behavior-neural gap" (2025), Supplementary Fig. 1 and Methods, verbatim,
 * grammar included. Ours: the quotation marks around whole prompts are left out, "/n" is a line break, and a paragraph of the
 * figure begins a new line. Where the clips of templates 1-3 stand is not printed; the legend says before the question.
 */
const figure = 'Du, Lu, Huang et al. 2025, Supplementary Fig. 1';

const clips = '{media_1}{media_2}{media_3}';
const role =
  'Now we need to perform a role-playing task. Your role is an expert in analyzing the emotions conveyed in videos.';
const describe =
  'Firstly, please describe the content and your evoked emotional response of each of these videos individually.';
const which =
  'tell me Which clip evokes an emotional response that is noticeably different from the other two? (The answer format is "Video+ID is noticeably different from the other two") Explain the reason for this difference.';
const precautions = `Precautions:
1. You should focus your judgement on the emotional tone, never be influenced by the video index or location when making judgments.
2. Assume you are an emotional judgment expert with the ability to feel specific emotions for each video. Do not provide ambiguous answers.
3. You are not given additional constraints as to the strategy you should use.`;

export const p1First: WrittenPrompt = {
  name: 'p1-1',
  description: 'P1, template 1: the least similar of three object images, asked after all three.',
  source: `${figure}a`,
  messages: [
    {
      role: 'user',
      text: `${clips}You are shown three object images side by side and are asked to report the image that was the least similar to the other two. You should focus your judgement on the object, but you are not given additional constraints as to the strategy you should use. If you did not recognize the object, you should base your judgement on your best guess of what the object could be.
1. Tell me your answer.
2. Tell me the location of the object you have chosen.
3. Explain the reasons.`,
    },
  ],
};

export const p1Second: WrittenPrompt = {
  name: 'p1-2',
  description: 'P1, template 2: an expert in emotions describes the clips and names the different one.',
  source: `${figure}b`,
  messages: [{ role: 'user', text: `${clips}${role}\n${describe} Then, ${which}` }],
};

export const p1Third: WrittenPrompt = {
  name: 'p1-3',
  description: 'P1, template 3: as template 2, with precautions.',
  source: `${figure}c`,
  messages: [{ role: 'user', text: `${clips}${role}\n${describe} Then, ${which}\n${precautions}` }],
};

export const interleaved: WrittenPrompt = {
  name: 'interleaved',
  description: 'P1, template 4: text, the clips, text; the form that removed the bias towards the last clip.',
  source: `${figure}d`,
  messages: [{ role: 'user', text: `${role}\n${describe}${clips}Then, ${which}\n${precautions}` }],
};

export const interleavedMethods: WrittenPrompt = {
  name: 'interleaved-methods',
  description:
    'P1, the interleaved prompt as its Methods print it: the warning about index and location comes twice.',
  source: 'Du, Lu, Huang et al. 2025, Methods, Collecting behavioral responses from MLLMs',
  messages: [
    {
      role: 'user',
      text: `${role}\n${describe}${clips}Then, ${which}
Precautions:
1. You should focus your judgement on the emotional tone, never be influenced by the video index or location when making judgments. 2. Assume you are an emotional judgment expert with the ability to feel specific emotions for each video. Do not provide ambiguous answers. Never be influenced by the video index or location when making judgments. 3. You are not given additional constraints as to the strategy you should use.`,
    },
  ],
};

export const captions: WrittenPrompt = {
  name: 'captions',
  description: 'P1, the prompt for language models: one caption in place of each clip.',
  source: 'Du, Lu, Huang et al. 2025, Methods, Collecting behavioral responses from LLMs',
  messages: [
    {
      role: 'user',
      text: `Now we need to perform a role-playing task. Your role is an expert in analyzing the emotions conveyed in videos, each video is replaced by its corresponding textual description.
Firstly, please describe your evoked emotional response of each of these videos individually. Then, tell me Which video evokes an emotional response that is noticeably different from the other two? Never be influenced by the video index when making judgments. (The answer format is "Video+ID is noticeably different from the other two.") Explain the reason for this difference.
Precautions: 1. You should focus your judgement on the emotional tone, never be influenced by the video index when making judgments.
2. Assume you are an emotional judgment expert with the ability to feel specific emotions for each video. Do not provide ambiguous answers. Never be influenced by the video index when making judgments.
3. You are not given additional constraints as to the strategy you should use.

Video 1: {caption_1}
Video 2: {caption_2}
Video 3: {caption_3}`,
    },
  ],
};
