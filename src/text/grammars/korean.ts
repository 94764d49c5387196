import { numbered, type Grammar } from "./grammar.ts";

const digits = "영일이삼사오육칠팔구";
const scales: Record<string, number> = { 십: 10, 백: 100, 천: 1000 };

/** `오천`, `만이천`, `삼백오십`: two syllables or more, of which one at least is a scale. */
function readNumeral(word: string): number | undefined {
  if (!/^[일이삼사오육칠팔구십백천만]{2,}$/u.test(word) || !/[십백천만]/u.test(word)) return undefined;
  let [total, part, last] = [0, 0, 0];
  for (const char of word) {
    const scale = scales[char];
    if (char === "만") [total, part, last] = [(part + last || 1) * 1e4, 0, 0];
    else if (scale === undefined) last = digits.indexOf(char);
    else [part, last] = [part + (last || 1) * scale, 0];
  }
  return total + part + last;
}

export const korean: Grammar = {
  code: "ko",
  decimal: ".",
  functionWords:
    "은 는 이 가 을 를 에 에서 의 와 과 도 로 으로 및 또는 그 이것 저 것 수 있다 있습니다 입니다 이다 합니다 약 답 예 네 아니요 쉽니다",
  negators: "안 못 않 없 아니",
  negatesBack: true,
  yes: "예 네 그렇습니다",
  no: "아니요 아니오 아뇨 아닙니다",
  and: "및 그리고 와 과",
  or: "또는 혹은 이나",
  except: "제외",
  months: ["1월", "2월", "3월", "4월", "5월", "6월", "7월", "8월", "9월", "10월", "11월", "12월"],
  weekdays: ["월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일"],
  numbers: {
    ...numbered("영 일 이 삼 사 오 육 칠 팔 구"),
    ...numbered("하나 둘 셋 넷 다섯 여섯 일곱 여덟 아홉 열", 1),
  },
  compound: readNumeral,
  scales: { 십: 10, 백: 100, 천: 1000, 만: 1e4 },
  units: {
    min: "분",
    h: "시간",
    d: "일",
    wk: "주 주일",
    mo: "개월",
    yr: "년",
    m: "미터",
    km: "킬로미터",
    g: "그램",
    kg: "킬로그램 킬로",
    l: "리터",
    "°": "도",
    KRW: "원",
    times: "번 회",
    "%": "퍼센트",
  },
  hours: { 정오: 720, 자정: 0 },
  to: "부터",
  morning: "오전 아침",
  afternoon: "오후 저녁 밤",
  bounds: { atLeast: "최소|적어도", atMost: "최대", more: "", less: "" },
  boundsAfter: {
    atLeast: "(?:원|일|세|명|개|년|시간|분)? ?이상",
    atMost: "(?:원|일|세|명|개|년|시간|분)? ?(?:이하|이내)",
  },
  sameAs: { "반 ?시간": "30분" },
  refusals: [/(?:알 수 없|모릅니다|모르겠|나와 있지 않|언급되어 있지 않|언급하지 않|정보가 없|답할 수 없)/u],
};
