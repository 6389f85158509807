import { type CueKind, joined, latin } from './phrases.js';

/** How models decline, and how they take back what they said. */
export const refusals: readonly (readonly [CueKind, string])[] = [
  [
    'refuse',
    latin(`
      i(?:'m| am) (?:very |so |really )?sorry|i apologi[sz]e|as an? (?:ai|artificial|large|language|text)|
      i(?:'m| am) (?:just |only )?an? (?:ai|language model|text-based)|
      i (?:can't|cannot|can not|could not|couldn't|won't|will not) (?:assist|help|comply|provide|view|see|watch|access|process|analy[sz]e|determine|answer|make|choose|decide|select|judge|engage|continue|discuss|identify|fulfill|evaluate|compare|describe|give|offer|perform|complete|do|respond|play|open|hear)|
      (?:i(?:'m| am)|i was) (?:not able|unable|not comfortable|not allowed|not permitted)|
      i (?:must|have to|respectfully) decline|i(?:'d| would) rather not|
      unable to (?:assist|comply|process|view|watch|access|determine|help|fulfill|analy[sz]e|see)|
      (?:content|usage|safety) (?:polic(?:y|ies)|guidelines?|filters?)|
      against (?:my|our) (?:programming|guidelines|policy|policies)|violates? (?:my|our|the)|lo siento|
      no puedo|je suis desolee?|je ne peux pas|es tut mir leid|
      ich kann (?:leider )?(?:nicht|keine|diese|dir|ihnen)|desculpe|nao posso|mi dispiace|non posso`),
  ],
  [
    'refuse',
    joined(`
      抱歉|对不起|對不起|无法|無法|我不能|不能提供|不能回答|作为一个?(?:ai|人工智能|语言模型)|作為一個?(?:ai|人工智慧|語言模型)|违反|申し訳|お答えできま|回答できま|죄송|
      할 수 없`),
  ],
  [
    'withdraw',
    latin(`
      (?:that(?:'s| is| was)|this is|i was|i am|i'm) (?:not (?:right|correct)|wrong|incorrect|mistaken)|
      scratch that|ignore (?:that|the above|my previous)|disregard (?:that|the above)|i take that back`),
  ],
  [
    'withdraw',
    joined(`
      这不对|刚才说错|说错了|上面的回答有误`),
  ],
];
