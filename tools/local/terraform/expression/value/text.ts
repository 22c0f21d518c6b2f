// Below U+0300 nothing combines with what stands before it.
const plain = /^[\0-\u02ff]*$/;

/** A text as Terraform keeps it: in the normal form C of Unicode, without halves of surrogate pairs. */
export function normalText(text: string): string {
  return plain.test(text) ? text : text.replace(/\p{Surrogate}/gu, '\ufffd').normalize('NFC');
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Characters as a reader sees them, which is how Terraform counts, cuts and reverses: grapheme clusters. */
export function graphemes(text: string): readonly string[] {
  return /^[\x20-\x7e]*$/.test(text) ? [...text] : Array.from(segmenter.segment(text), ({ segment }) => segment);
}
