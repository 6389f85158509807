import * as z from 'zod';

/** Names that Windows keeps for devices, with any ending; in letters of both cases, for JSON Schema has no flags. */
const device =
  '(?:[cC][oO][nN]|[pP][rR][nN]|[aA][uU][xX]|[nN][uU][lL]|[cC][oO][mM][0-9]|[lL][pP][tT][0-9])(?:\\.|$)';

export const judgeNameRule =
  'letters (a to z), digits, "-", "_" and ".", with a letter or digit first, no "." last, and no name that Windows keeps for a device (con, nul, com1, ...)';

/** Name of a judge: it becomes the name of folders and files, on any system. */
export const judgeName = z
  .string()
  .regex(new RegExp(`^(?!${device})[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$`), judgeNameRule);
