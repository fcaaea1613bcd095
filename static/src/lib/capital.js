// Chinese capital amounts (人民币大写), the same as core/chinese_numbers.py writes them.
const DIGITS = "零壹贰叁肆伍陆柒捌玖";
const SMALL = ["", "拾", "佰", "仟"];

function group(number) {
  let words = "";
  let gap = false;
  for (const place of [3, 2, 1, 0]) {
    const digit = Number((number / 10n ** BigInt(place)) % 10n);
    if (digit) {
      words += (gap && words ? "零" : "") + DIGITS[digit] + SMALL[place];
      gap = false;
    } else {
      gap = true;
    }
  }
  return words;
}

function whole(number) {
  if (number === 0n) return DIGITS[0];
  for (const [unit, size] of [["亿", 100000000n], ["万", 10000n]]) {
    const high = number / size;
    const low = number % size;
    if (high) {
      const tail = low ? (low < size / 10n ? "零" : "") + whole(low) : "";
      return whole(high) + unit + tail;
    }
  }
  return group(number);
}

/** An amount such as `168000.50` in capitals; empty for what is no amount. */
export function capital(text) {
  const found = /^(\d{1,13})(?:\.(\d{1,2}))?$/.exec(text);
  if (!found) return "";
  const yuan = BigInt(found[1]);
  const [jiao, fen] = (found[2] || "").padEnd(2, "0");
  let words = yuan || (jiao === "0" && fen === "0") ? `${whole(yuan)}元` : "";
  if (jiao !== "0") words += `${DIGITS[jiao]}角`;
  if (fen !== "0") words += `${jiao === "0" && yuan ? "零" : ""}${DIGITS[fen]}分`;
  return words + (fen === "0" ? "整" : "");
}
