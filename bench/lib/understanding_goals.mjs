// What understanding must be and should be (percent, unless said otherwise), and what plain tools
// reached on the same data. `row` is the name `--only` takes.
const least = (row, id, text, must, aim, beside) => ({ row, id, text, kind: "least", must, aim, beside, unit: "%" });
const most = (row, id, text, must, aim, unit, beside) => ({ row, id, text, kind: "most", must, aim, beside, unit });
const ece = (row, id, text) => most(row, id, `calibration error, ${text}`, 0.05, 0.03);

const plain = (fasttext, svm, best) =>
  `tuned fastText ${fasttext.toFixed(1)}, linear SVM ${svm.toFixed(1)}, best ensemble ${best.toFixed(1)}`;

export const understandingGoals = [
  least("clinc", "clinc-joint", "CLINC150 with oos rows, in scope, joint", 92.3, 93.5,
    `SVM at its joint bar 92.3 with recall 57.0, balanced 88.7 with 87.6; in scope alone: ${plain(91.4, 92.9, 93.2)}`),
  least("clinc", "clinc-recall", "… out-of-scope recall at the same bar", 57, 65),
  least("clinc", "clinc-auroc", "CLINC150 out-of-scope AUROC", 96, 97, plain(94.1, 94.9, 96.0)),
  least("banking", "banking", "BANKING77 validation", 91.4, 92.5, `${plain(89.6, 91.0, 91.6)}; on this split 91.5`),
  least("arbanking", "palestinian", "ArBanking77, Palestinian test", 87, 88, plain(83.9, 85.6, 87.0)),
  least("arbanking", "saudi", "ArBanking77, Saudi test", 76.6, 79, plain(71.6, 72.7, 76.6)),
  least("curekart", "curekart", "HINT3 curekart, in scope, best guess", 83, 86,
    "Dialogflow 75.0, Rasa 84.1, BERT 83.6, plain SVM 82.3"),
  least("curekart", "curekart-auroc", "HINT3 curekart, out-of-scope AUROC", 86.4, 88,
    "Dialogflow 85.6, Rasa 80.1, BERT 82.4, plain SVM 86.4"),
  ece("clinc", "ece-clinc", "CLINC150"),
  ece("banking", "ece-banking", "BANKING77"),
  ece("arbanking", "ece-palestinian", "ArBanking77 Palestinian"),
  ece("arbanking", "ece-saudi", "ArBanking77 Saudi"),
  ece("curekart", "ece-curekart", "HINT3 curekart"),
  ece("starter", "ece-en", "starter bot, English"),
  ece("starter", "ece-ar", "starter bot, Arabic"),
  least("starter", "starter-en", "starter bot, cross-validation, English", 92, 95),
  least("starter", "starter-ar", "starter bot, cross-validation, Arabic", 90, 94),
  least("starter", "starter-auroc", "starter bot, out-of-scope AUROC", 95, 97),
  least("held-out", "held-out-en", "starter bot, held_out.tsv, English", 88, 93),
  least("held-out", "held-out-ar", "starter bot, held_out.tsv, Arabic", 85, 91),
  most("typos", "typos", "two random typos a message: loss", 7, 4, "points"),
  most("speed", "speed", "a starter message through the whole of understand, p50", 30, 15, "µs"),
  most("training", "size", "starter model on disk", 8, 4, "MB"),
  most("training", "seconds", "starter model, training time", 60, 20, "s"),
  least("anger", "anger", "F1 of anger, Emotional-Tone (index mod 5 = 4)", 71, 74),
  least("offence", "offence", "F1 of OFF, OSACT4 (index mod 10 = 9)", 76, 80),
];

/** Names for `--only`, in order. */
export const understandingRows = [...new Set(understandingGoals.map(({ row }) => row))];
