/** Short and common words, of which nearly every tokenizer makes one token each. */
export const words: readonly string[] =
  `time year people way day man thing woman life child world school state family student group country problem hand
  part place case week company system program question work number night point home water room mother area money
  story fact month lot right study book eye job word business issue side kind head house service friend father power
  hour game line end member law car city name team minute idea body back parent face others level office door health
  person art war history party result change morning reason research girl guy moment air teacher force education foot
  boy age policy music market sense nation plan college interest death course someone experience behind reach local
  kill six remain effect suggest class control raise care late hard field else pass former sell major sometimes
  require along report role better economic effort decide rate strong possible heart drug show leader light voice
  wife whole police mind finally pull return free military price less according decision explain son hope even
  develop view relation carry town road drive arm true federal break difference thank receive value international
  building action full model join season society tax director position player agree record pick wear paper special
  space ground form support event official whose matter everyone center couple site project hit base star table
  need court produce eat american teach oil half situation easy cost industry figure street image itself phone either
  data cover quite picture clear practice piece land recent describe product doctor wall patient worker news test
  movie certain north love personal open simply third technology catch step baby computer type attention draw film`
    .split(/\s+/)
    .filter((word) => word !== "");
