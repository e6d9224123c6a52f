/** The vocabulary of the generated texts: as many words as a shop's customers use, none of them constant padding. */
const WORDS: readonly string[] = (
  "please deliver the parcel to our neighbours ring twice behind garage garden gate door left floor second third invoice number "
  + "order customer refund wrong colour size small large medium broken arrived late early damaged missing part screw cable battery "
  + "charger box paper gift card birthday wedding thanks sorry urgent tomorrow monday tuesday friday weekend morning evening before "
  + "after noon office reception warehouse shelf pallet truck driver phone called nobody answered again returned exchange voucher "
  + "discount price paid transfer credit account street number house city köln münchen zürich århus łódź québec são paulo 東京 北京 "
  + "blue green yellow grey black white silver golden wooden metal glass leather cotton wool summer winter spring autumn model "
  + "version series edition manual german english french spanish language support ticket closed opened waiting answer question "
  + "quality excellent poor average good bad would buy never always sometimes recommend friend family child mother father brother "
  + "because however therefore although while during since until without against between among under over near far inside outside "
  + "quickly slowly carefully exactly almost hardly quite rather very too enough several many few other another same different new "
  + "old used like fresh heavy light long short wide narrow high low open empty full clean dirty dry wet warm cold hot quiet loud"
).split(" ");

/** How many sentences the texts are put together from. */
export const SENTENCES = 6_000;

/** A sentence of five to twelve words; the same for the same number. */
export function sentence(number: number): string {
  let state = number * 2_654_435_761 % 2_147_483_647 + 1;
  const next = (below: number): number => {
    state = state * 48_271 % 2_147_483_647;
    return state % below;
  };
  return Array.from({ length: 5 + next(8) }, () => WORDS[next(WORDS.length)]).join(" ");
}
