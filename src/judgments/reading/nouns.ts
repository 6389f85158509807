/** What prompts and models call a stimulus. */
export const mediaNoun =
  '(?:video ?clips?|videos?|vids?|clips?|stimul(?:us|i)|items?|images?|pictures?|photos?|options?|choices?|films?|movies?|texts?|captions?|descriptions?|stor(?:y|ies)|segments?|samples?|excerpts?|objects?|candidates?|opcion|opcao|opzione|imagen(?:es)?|bild(?:er)?|filmato)';

export const cjkNoun =
  '(?:视频|視頻|影片|片段|短片|录像|选项|選項|選択肢|图片|圖片|图像|描述|文本|字幕|动画|動画|ビデオ|映像|クリップ|画像|选择|비디오|동영상|영상|클립|옵션)';
