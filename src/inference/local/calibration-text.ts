/** A little of everything that a model reads, to measure how large its keys and values get. */
export const calibrationText = `<|im_start|>system
You answer questions about the rules of a small harbour. Answer briefly, and say so when the documents do not hold the answer.<|im_end|>
<|im_start|>user
[1] Harbour rules > Mooring
Boats up to 8 metres pay 14.50 a night; longer ones pay 2.75 for each metre. From 1 November to 15 March the north quay is closed, except to fishing boats with a winter permit (form H-27).

[2] Harbour rules > Fuel
Diesel is sold from 06:30 to 19:00, on Sundays from 9 to 12. Nobody may smoke within 20 m of the pump!

Question: What does a boat of eleven metres pay for three nights in May?<|im_end|>
<|im_start|>assistant
90.75: eleven metres at 2.75 a night are 30.25, three times. [1]<|im_end|>
The old lighthouse keeper had never trusted the telephone. "If it matters," he used to say, "somebody will row out and tell me." On the evening of the great storm nobody did, and by midnight the lamp was the only light on forty miles of coast.

Water expands by about nine per cent when it freezes, because each molecule holds four others at arm's length. Ice therefore floats, lakes freeze from the top, and a sealed pipe bursts in January.

def median(values: list[float]) -> float:
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2

{"order": 4471, "items": [{"sku": "AX-19", "count": 3, "price": 12.0}, {"sku": "BQ-02", "count": 1, "price": null}], "paid": false}

| Year | Visitors | Change |
| ---- | -------- | ------ |
| 2019 | 41,208 | +3.1 % |
| 2020 | 9,877 | -76.0 % |

El tren de las ocho llega tarde casi todos los lunes, y nadie en la estación sabe explicar por qué.
Le contrat prend fin de plein droit si l'une des parties manque à ses obligations pendant plus de trente jours.
Der Antrag ist schriftlich zu stellen; über ihn wird innerhalb von sechs Wochen entschieden.
Пациенту дважды в день дают по одной таблетке, запивая водой, пока температура не снизится.
Mtoto alikwenda sokoni kununua mkate na maziwa, lakini duka lilikuwa limefungwa.
会议改到下星期三上午十点，请大家提前把报告发给我。
患者は毎朝、食事の前に薬を飲みます。 العقد ساري المفعول لمدة سنتين.
Thanks!! 😀 see https://example.org/a?b=1&c=2 ... ok? -- 3 < 4 && x != y; 100% <div class="note">don't</div>
`;
