import { type CueKind, joined, latin } from './phrases.js';
import { refusals } from './refusals.js';

const intensifier =
  '(?:noticeabl[ey]|noticably|notably|clearly|distinctly|distinctively|markedly|significantly|strikingly|very|quite|completely|entirely|totally|considerably|substantially|fundamentally|starkly|sharply|dramatically|obviously|decidedly)';

/**
 * The words of the text reader, as data: kinds of tokens and the expressions that make them, tried in this order.
 * Every expression is bounded (no nested repetition), and matches only where a word begins.
 * Sources of Latin words end at a word boundary, which `latin` adds.
 */
export const cues: readonly (readonly [CueKind, string])[] = [
  [
    'filler',
    latin(`
      can(?:'t|not) help but|not only|not just|no doubt|without (?:a )?doubt|no question|
      (?:${intensifier} )?(?:different|distinct) from (?:each other|one another)|each other|one another|
      on the other hand|in other words|answer format|odd numbered|at least|not surprisingly`),
  ],
  ...refusals,
  [
    'correct',
    latin(`
      actually|wait|hold on|correction|on second thoughts?|on reflection|on closer (?:inspection|look)|
      upon closer (?:inspection|look)|scratch that|i meant?|i mean|
      let me (?:reconsider|correct|revise|rethink|double-check)|changing my (?:answer|mind)|revised|
      no, (?=it|the|video|clip|i|option)|en realidad|mejor dicho|en fait|eigentlich|nein`),
  ],
  [
    'correct',
    joined(`
      不对|更正|等等|其实|实际上|實際上|不,|不，|いや|訂正`),
  ],
  [
    'final',
    latin(`
      (?:my |the )?(?:final|ultimate|conclusive) (?:answer|choice|decision|verdict|selection)|
      (?:la )?respuesta final|(?:la )?reponse finale|(?:die )?endgultige antwort`),
  ],
  [
    'final',
    joined(`
      最终答案|最終答案|最终选择|最後の答え|最終回答|最终的?答案|최종 답`),
  ],
  [
    'answer',
    latin(`
      (?:my |the |correct |right ){0,3}answers?|(?:ans|output|prediction)(?= ?[:=])|(?:la |mi )?respuesta|
      (?:la |ma )?reponse|(?:die |meine )?antwort|(?:a |minha )?resposta|(?:la |mia )?risposta`),
  ],
  [
    'answer',
    joined(`
      答案|回答(?=是|为|[:：])|答え(?=は|[:：])|正解|정답|답(?=은|:)`),
  ],
  [
    'choose',
    latin(`
      i(?:'d| would|'ll| will| have|'ve|'m going to| would have to| am going to)? (?:choose|chose|chosen|pick|picked|select|selected|go(?:ing)? with|went with|vote for)|
      i(?:'d| would) say|i(?:'m| am) (?:choosing|picking|going with|selecting)|
      my (?:choice|pick|selection|vote|decision|guess|verdict|conclusion)|let's go with|
      (?:selected|chosen|choice|selection|pick|decision|result|conclusion)(?= ?[:=])|elijo|escojo|
      je choisis|ich wahle|escolho|scelgo|mi eleccion|mon choix|meine wahl`),
  ],
  [
    'choose',
    joined(`
      我(?:会|會)?选(?:择|擇)?|我(?:会|會)?選(?:擇)?|应该?选|選びます(?=[:：])|我的选择`),
  ],
  [
    'oddNoun',
    latin(`
      odd[ -]ones?(?:[ -]out)?|odd man out|odd (?:video|clip|item|image|option)(?: out)?|odd(?= ?:)|
      oddball|different (?:one|video|clip|item|image|option)(?= (?:is|was|would|must))|outliers?|intruder|
      misfit|(?:the )?exception|black sheep|(?:el|la|l')? ?intrus[eoa]?|ausreisser|aussenseiter`),
  ],
  [
    'oddNoun',
    joined(`
      异类|異類|例外|仲間外れ|なかまはずれ|与众不同的(?:是|视频)?|不同的(?:是|那个|视频|片段)|最不同的|最特别的|다른 하나`),
  ],
  [
    'unlike',
    latin(`
      unlike|a diferencia de|contrairement (?:a|aux)|im gegensatz zu[mr]?|in contrast (?:to|with)|
      different from(?= (?:the )?(?:first|second|third|videos?|clips?|both))`),
  ],
  [
    'unlike',
    joined(`
      不同于|不同於|有别于|不像`),
  ],
  [
    'against',
    latin(`
      compared (?:to|with)|in comparison (?:to|with)|as compared to|as opposed to|relative to|contrary to|
      versus|vs|than|from|rather than|instead of|apart from|aside from|except|against|between|among|
      comparado con|par rapport (?:a|aux)|im vergleich zu[mr]?|anders als|als`),
  ],
  [
    'against',
    joined(`
      相比于|相比之下|相较于|相比|相对于|比起|に比べ|と比べ`),
  ],
  [
    'different',
    latin(`
      (?:slightly|somewhat|subtly|a bit|a little) (?:different|distinct)`),
  ],
  [
    'odd',
    latin(`
      ${intensifier} (?:different|distinct|dissimilar|unique|differs?|unusual)|
      differs? (?:${intensifier}|the most)|stands? (?:[a-z]{1,14} )?(?:out|apart|alone)|
      standing (?:out|apart)(?= (?:from|as|among))|stood (?:out|apart)|
      (?:does not|doesn't|don't|do not) (?:quite |really )?(?:belong|fit|match|align)(?: in)?|
      most (?:different|distinct|distinctive|dissimilar|unusual|divergent)|least (?:similar|alike|like)|
      sets? (?:it|this one|this clip|this video) apart|set apart|unlike (?=(?:the )?other)|
      differs? from (?=(?:the )?(?:other|rest|both))|different from (?=(?:the )?(?:other|rest|both))|
      an outlier|(?:claramente|notablemente|muy|notoriamente) (?:diferente|distint[oa])|no encaja|
      se diferencia|se destaca|desentona|
      (?:nettement|clairement|tres|sensiblement|notablement) differente?|se distingue|se demarque|detonne|
      (?:deutlich|merklich|spurbar|auffallend|ganz|vollig) anders|unterscheidet sich|passt nicht|
      hebt sich(?: deutlich)? ab|sticht heraus|fallt aus dem rahmen|
      (?:claramente|notavelmente|bem) diferente|(?:chiaramente|nettamente|notevolmente) divers[oa]`),
  ],
  [
    'odd',
    joined(`
      (?:明显|明顯|显著|顯著|截然|完全|大不|十分|非常|最为|最|很|都|均|有所|有明显|有显著|存在明显)(?:地)?(?:的)?(?:不同|不一样|不一樣|有区别|区别|差异)|与众不同|
      與眾不同|最特别|格格不入|脱颖而出|不合群|明らかに(?:異な|違)|異質|浮いて|눈에 띄게 다|확연히 다`),
  ],
  [
    'different',
    latin(`
      different|differs?|the only (?:one|video|clip|item|image)|differing|distinct(?:ive)?|unique|
      dissimilar|contrasts?|contrasting|unusual|diverges?|deviates?|diferentes?|distint[oa]s?|
      differente?s?|anders|unterschiedlich|divers[oa]|seul e?|odd`),
  ],
  [
    'different',
    joined(`
      不同|不一样|不一樣|不相同|不相似|有别|区别|差异|異な|違う|違い|違って|다르|다른|다릅`),
  ],
  [
    'same',
    latin(`
      similar(?:ly)?|alike|the same|same|identical|shares?|sharing|in common|comparable|resembles?|akin|
      go together|belong together|pair well|close(?:r|st)?|match(?:es)?|consistent|similares|
      parecid[oa]s?|iguales|comparten|similaires?|se ressemblent|semblables?|partagent|ahnlich|ahneln|
      gleich|teilen|simil[ei]|semelhantes|parecidos`),
  ],
  [
    'same',
    joined(`
      相似|类似|類似|相近|接近|一致|相同|一样|一樣|共同|似て|同じ|共通|비슷|같은`),
  ],
  [
    'others',
    latin(`
      (?:the |these |both |any of |all )?(?:other|remaining|two other|other remaining) (?:two|2|ones?|pair|both|videos|clips|stimuli|items|images|options|texts|captions|descriptions|stories|pictures|films|segments)(?: (?:videos|clips|ones|stimuli|items|images|captions|descriptions|options|texts|stories|pictures|films|segments))?|
      (?:the |both |all |any of the )?others|the rest|the two others|
      (?:de )?(?:los|las) (?:otros|otras|demas)(?: dos)?(?: videos| clips)?|
      (?:des|les|aux|que les|du) (?:deux )?autres|(?:die|den|der) (?:beiden |zwei )?anderen(?: beiden)?|
      dos outros(?: dois)?|(?:dagli|gli) altri(?: due)?`),
  ],
  [
    'others',
    joined(`
      (?:其他|其它|其余|其餘|另外|另|剩下的?|余下的?)(?:的)?(?:两|二|2|兩)(?:个|個|段|条|條|部|者)?(?:视频|影片|片段|短片|視頻)?|
      (?:其他|其它|其余|其餘)(?:的)?(?:视频|影片|片段|視頻)|其余|两者|二者|
      (?:他の|ほかの|残りの)(?:2つ|二つ|2本|動画|ビデオ)(?:の(?:動画|ビデオ|映像|クリップ))?|나머지(?: 두)?(?: ?(?:비디오|영상))?|다른 두(?: ?개)?`),
  ],
  [
    'not',
    latin(`
      not|(?:wrong|incorrect|inaccurate|a mistake) to (?:say|claim|choose|pick)|never|neither|nor|no|none|
      hardly|cannot|unable|nothing|[a-z]{2,8}n't|isnt|doesnt|nicht|kein|ne|pas|ni|nao|non`),
  ],
  [
    'not',
    joined(`
      不是|并非|并不|不算|没有|沒有|既不|也不|ではな|ではありま|じゃな|아니`),
  ],
  [
    'hedge',
    latin(`
      might|may|could|at first(?: glance)?|initially|arguably|one (?:could|might) argue|
      i (?:first |initially )?thought|i was (?:going to|about to)|tempting|seemed|quiza|podria|pourrait|
      konnte`),
  ],
  [
    'hedge',
    joined(`
      可能|乍一看|起初|一开始|かもしれ`),
  ],
  [
    'if',
    latin(`
      if|whether|suppose|supposing|unless|assuming|had (?:the|video|clip|it)`),
  ],
  [
    'if',
    joined(`
      如果|假如|若是|是否`),
  ],
  [
    'contrast',
    latin(`
      while|whereas|but|however|although|though|in contrast|by contrast|conversely|whilst|yet|
      mientras(?: que)?|pero|sin embargo|tandis que|mais|wahrend|aber|jedoch|mentre|enquanto|mas`),
  ],
  [
    'contrast',
    joined(`
      但是|然而|而是|而|但|却|不过|一方|が、|반면`),
  ],
  [
    'because',
    latin(`
      because|since|due to|as it|as its|as this|as the|given that|for the reason|porque|ya que|parce que|
      weil|denn|perche`),
  ],
  [
    'because',
    joined(`
      因为|因為|由于|理由|原因|なぜなら|왜냐하면`),
  ],
  [
    'conclude',
    latin(`
      therefore|thus|hence|so|in conclusion|in summary|to summari[sz]e|to conclude|overall|consequently|
      ultimately|in the end|all in all|conclusion|por lo tanto|por tanto|en conclusion|donc|ainsi|daher|
      deshalb|somit|portanto|quindi`),
  ],
  [
    'conclude',
    joined(`
      因此|所以|综上(?:所述)?|總結|总结|总之|最终|故|したがって|よって|따라서`),
  ],
  [
    'copula',
    latin(`
      is|was|are|were|be|being|seems?|looks?|feels?|appears?|becomes?|es|est|ist|son|sind|lautet|e|sont|
      wirkt`),
  ],
  [
    'copula',
    joined(`
      就是|应该是|應該是|应为|是|为(?!什)|為|선택|=`),
  ],
  [
    'and',
    latin(`
      and|as well as|y|et|und`),
  ],
  [
    'and',
    joined(`
      &|、|以及|及|和|与|與|跟|同时|/`),
  ],
  [
    'or',
    latin(`
      or|and/or|o|ou|oder`),
  ],
  [
    'or',
    joined(`
      或者|或是|或|还是`),
  ],
  [
    'filler',
    latin(`
      the|a|an|it|its|it's|that|that's|this|one|either|both|i|think|believe|i'd|would|will|must|should|
      have|to|say|in|of|those|these|definitely|clearly|probably|likely|certainly|obviously|perhaps|maybe|
      simply|my|opinion|sure|okay|ok|yes|well|hmm|um|here|evokes|emotions?|emotional|response|tone|mood|
      feelings?|content|number|best|clip|video|videos|clips|option|choice|definitivamente|el|la|le|das|
      der|die|den|des|que|as|indeed|then|now|is:|out|text|image|creo|crois|ce|c'est|es|'s`),
  ],
  [
    'filler',
    joined(`
      我认为|我認為|我觉得|我覺得|视频|影片|片段|就|的|都|是|。|です|は|が|の|이|은|는|가|입니다|번|と思います|だと`),
  ],
];
