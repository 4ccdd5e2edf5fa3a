"""The vocabulary of sources in news English: titles, roles, kinds of bodies, groups and documents.

Lower case throughout; singular unless said otherwise. It holds words, not entities: names live in
`countries.tsv` and the registry.
"""

from __future__ import annotations


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


ABBREVIATED = _set(
    "gen adm lt col maj sgt capt cmdr brig sen rep gov dr prof mr mrs ms jr sr st rev hon amb sec cpl pvt"
)
"""Words that keep their full stop inside a name."""

NAME_LIKE_TITLES = _set(
    "prince king bishop marshal dean judge pope major cardinal fellow coach page chair friend farmer "
    "cook guard host author driver player worker witness clerk man resident brother doctor"
)
"""Titles that are also surnames ("Erik Prince")."""

PLACE_LIKE_NAMES = _set(
    "sofia georgia jordan chad israel florence sydney paris victoria virginia carolina china london"
)
"""Places that are also given names ("Sofia Lund")."""

PARTICLES = _set("de da do dos das del della di du la le van von der den ter bin ibn bint al el ul abu ben y e ould")
"""Lower-case words that may stand inside a person's name."""

MALE = _set(
    "mr sir lord king prince duke spokesman chairman congressman businessman father brother son "
    "husband pope sheikh ayatollah imam he his him himself man statesman policeman fisherman cardinal "
    "archbishop bishop emir sultan"
)
FEMALE = _set(
    "mrs ms miss lady queen princess duchess spokeswoman chairwoman congresswoman businesswoman "
    "mother sister daughter wife she her hers herself woman stateswoman policewoman actress "
    "first-lady"
)

PRONOUNS = {
    "he": "m", "him": "m", "she": "f", "her": "f", "they": "p", "them": "p", "it": "n", "we": "we", "us": "we",
    "i": "i", "me": "i", "you": "i", "who": "r", "which": "r", "that": "r", "whom": "r", "both": "p2", "each": "p2",
    "his": "m", "its": "n", "their": "p", "himself": "m", "herself": "f", "itself": "n", "themselves": "p",
}  # fmt: skip

HONORIFICS = _set(
    "mr messrs mrs ms miss dr sir lord lady dame prof professor his her excellency hon honorable rev reverend dato "
    "datuk seri tun"
)

RANKS = _set(
    "gen general adm admiral lt lieutenant col colonel maj major sgt sergeant capt captain cmdr "
    "commander brig brigadier marshal sen senator rep representative gov governor justice judge "
    "congressman congresswoman cpl corporal pvt private lawmaker rear air sheikh ayatollah imam pope "
    "cardinal archbishop bishop king queen prince princess emir sultan crown comrade detective "
    "inspector sheriff mufti"
)

ROLES = RANKS | _set(
    "president premier minister chancellor secretary spokesman spokeswoman spokesperson leader chief "
    "head director chairman chairwoman chairperson chair ambassador envoy diplomat official officer "
    "deputy adviser advisor aide commissioner mayor professor analyst expert economist lawyer "
    "attorney commander speaker strategist negotiator delegate counselor counsellor consul prosecutor "
    "coordinator candidate nominee founder co-founder ceo cfo executive manager editor journalist "
    "reporter correspondent columnist author writer host commentator scientist researcher fellow "
    "scholar historian activist campaigner dissident veteran soldier fighter pilot politician "
    "congressman congresswoman legislator mp mep parliamentarian whip member co-chair vice-president "
    "co-chairman secretary-general administrator inspector investigator policeman resident witness "
    "doctor nurse teacher student businessman businesswoman banker investor trader broker strategist "
    "owner farmer driver worker employee statesman undersecretary charge attache chargé attaché "
    "rapporteur representative dean rector treasurer president-elect vice-premier vice-minister "
    "vice-chairman foreign-minister trustee moderator counterpart predecessor successor informant "
    "source aide-de-camp specialist consultant operator principal contender hopeful boss "
    "director-general partner negotiator counsel democrat republican conservative liberal chaplain "
    "pastor priest cleric monk rabbi governor-general ombudsman comptroller auditor watchdog "
    "attorney-general contractor engineer entrepreneur insider outsider observer onlooker bystander "
    "passenger patient survivor victim refugee migrant guard colleague friend neighbor neighbour "
    "brother sister father mother son daughter wife husband widow uncle aunt cousin man woman boy "
    "girl person delegate hacker defector premier-designate chief-of-staff supporter opponent critic "
    "rival monarch dictator czar tsar ruler pollster solicitor barrister clerk referee coach player "
    "captain athlete artist actor actress singer filmmaker winner laureate blogger preacher tycoon mogul "
    "congressperson premier-elect chancellor-designate frontrunner front-runner politologist mediator"
)
"""Nouns for one person by what she does."""

TITLES = (
    ROLES
    | HONORIFICS
    | _set(
        "prime foreign defense defence interior finance trade vice deputy acting former ex first "
        "assistant special senior state justice general attorney affairs security national economic "
        "external internal commerce treasury health energy environment transport education agriculture "
        "labor labour home economy high under permanent press military naval army navy chief supreme "
        "federal republican democratic democrat independent elected outgoing incoming councillor "
        "counselor-general security-general union-president co-ordinator labour-leader then "
        "then-president then-secretary vice-foreign executive joint international information development "
        "science technology culture oil petroleum water planning budget industry intelligence pm "
        "presidents ministers secretaries presidential candidates contenders nominees parliamentary "
        "opposition ruling digital floor integration unification regional provincial longtime veteran "
        "retired human rights relief aid campaign party company government legal law political nuclear "
        "climate leaders senators governors generals ambassadors premiers chancellors affairs"
    )
)
"""Words that a title before a name is made of, beside countries and bodies."""

SUFFIXES = _set("jr sr ii iii iv")

COUNTRY_NOUNS = _set(
    "side government authorities administration regime leadership cabinet state nation republic "
    "kingdom delegation party_side island mainland"
)
"""Heads that stand for the country of their modifier."""

BODIES = _set(
    "ministry department agency commission committee council parliament army police court party "
    "company bank institute university embassy office mission congress senate house duma kremlin "
    "assembly union organization organisation association federation foundation fund group firm "
    "corporation corp inc ltd network newspaper magazine daily tv television radio channel media "
    "press times post news journal observatory center centre institution bureau service command force "
    "forces military navy guard board authority secretariat alliance coalition bloc front movement "
    "militia brigade panel team tribunal directorate pentagon directorate-general staff chamber "
    "exchange laboratory college academy school hospital church club society league confederation "
    "think-tank thinktank watchdog regulator airline operator conglomerate bank consortium campaign "
    "presidency consulate customs administration cabinet taskforce society club conference forum "
    "initiative programme program project tabloid intelligence telegraph guardian tribune gazette "
    "herald broadcaster insurer automaker manufacturer chancellery chancellor's legislature "
    "opposition taliban isis daesh hezbollah hamas nato eu un opec asean brics headquarters "
    "detachment fleet regiment unit delegation workers rebels outlet publication website agencies "
    "services"
)
"""Heads of organisations."""

ORG_WORDS = _set(
    "residence nagar beach herald tribune telegraph gazette sinmun gazeta weekly magazine ministry "
    "department agency commission committee council parliament court party company bank institute "
    "university embassy office congress senate house duma assembly union organization organisation "
    "association federation foundation fund group corporation corp inc ltd llc llp plc co network "
    "television radio times post news journal observatory center centre bureau service services "
    "command force forces navy guard board authority secretariat alliance coalition front movement "
    "brigade tribunal directorate chamber exchange academy college school church club society league "
    "confederation agencies nations summit conference forum treaty agreement act law initiative "
    "street avenue square airport river sea ocean island islands mountain gulf strait bay peninsula "
    "war day year award prize games cup world report review resolution pact accord protocol plan "
    "program programme project campaign republic kingdom emirates states affairs trade security "
    "rights watch international national united european african asian latin north south east west "
    "northern southern eastern western central middle tower palace city town province region county "
    "district airlines airways motors holdings partners capital research relations studies policy "
    "tank daily weekly press army police military intelligence staff chiefs league lawmakers media "
    "revolutionary liberation democratic-republic economic community caucus mission missions "
    "administration government cabinet opposition politburo presidium plenum development cooperation "
    "health strategic energy nuclear atomic defence defense"
)
"""Capitalised words that make a run of capitals something else than a person."""

GROUP_NOUNS = _set(
    "officials analysts experts diplomats sources residents critics lawmakers leaders ministers "
    "people media reporters troops families police protesters observers investors economists traders "
    "scientists researchers activists republicans democrats conservatives liberals supporters "
    "opponents neighbors neighbours allies countries nations states members parties powers "
    "governments groups companies firms others some many several most few majority percent public "
    "crowd opposition west community delegates representatives respondents participants sides envoys"
)

DOCUMENTS = _set(
    "statement report document documents communique communiqué declaration resolution letter paper "
    "study survey poll text article editorial commentary release transcript readout memo memorandum "
    "bulletin agreement treaty deal draft proposal charter law bill indictment lawsuit complaint "
    "filing filings email emails message post tweet video footage screenshot data figures records "
    "book note notes plan reports papers statements polls comments remarks website testimony ruling "
    "verdict decision order judgment accord protocol consensus act budget speech interview guidance "
    "sheet disclosure disclosures form forms piece message telegram press-release article analysis "
    "document announcement summary dispatch story stories article articles op-ed affidavit petition"
)

PLURAL_PERSONS = {
    "leaders": "leader", "presidents": "president", "ministers": "minister", "diplomats": "diplomat", "men": "man",
    "premiers": "premier", "chancellors": "chancellor", "politicians": "politician", "women": "woman", "two": "",
    "heads": "leader", "secretaries": "secretary", "officials": "official", "chiefs": "chief", "envoys": "envoy",
    "statesmen": "leader", "negotiators": "negotiator", "pair": "", "principals": "", "counterparts": "",
    "interlocutors": "", "officers": "officer", "lawmakers": "lawmaker", "senators": "senator",
    "experts": "expert", "analysts": "analyst", "judges": "judge", "generals": "general", "candidates": "candidate",
    "scholars": "scholar", "ambassadors": "ambassador", "governors": "governor", "professors": "professor",
}  # fmt: skip

PLURAL_COUNTRIES = _set(
    "administrations sides parties countries nations states governments capitals neighbours neighbors "
    "powers delegations"
)

DETERMINERS = _set(
    "the a an this that these those his her its their our my some any each every one two three "
    "another other both all several many most no few such"
)

NOT_NAMES = _set(
    "meeting call visit readout pdf full text video html click read watch listen q congratulations "
    "whether the a an this that these those he she it they we i you his her its their our my your in "
    "on at by for from to of with without as and or but nor so yet if when while after before since "
    "until because although though however meanwhile moreover also then there here now today "
    "yesterday tomorrow what who which where why how not no yes asked speaking according earlier "
    "later still even only just both each every all some many most several few one two three four "
    "five six seven eight nine ten first second third another other such about under over between "
    "during despite unlike like given including against among amid last next monday tuesday wednesday "
    "thursday friday saturday sunday january february march april may june july august september "
    "october november december feb mar apr jun jul aug sep sept oct nov dec let thank thanks please "
    "dear is are was were be been being has have had do does did will would can could should may "
    "might must separately additionally furthermore instead indeed thus hence therefore once again "
    "soon recently nevertheless nonetheless otherwise perhaps maybe well ok okay god christmas islam "
    "muslim muslims christian jewish jews arab arabs western eastern northern southern european "
    "europeans african asian english internet covid-19 covid twitter facebook telegram instagram "
    "youtube whatsapp tweet google wifi brexit photo video reporting editing writing reuters afp ap "
    "tass file image getty images republicans democrats republican democrat nazi soviet communist "
    "euro dollar olympic olympics bible quran ramadan gop never nothing everything everyone nobody "
    "somebody someone anyone something dozens hundreds thousands millions more less much little too "
    "very quite rather almost nearly around across through throughout toward towards good great new "
    "old big small high low long short hello hi europe asia africa thousands hundreds millions dozens "
    "scores both america officials sources lawmakers analysts experts"
)
"""Capitalised words that begin a sentence or name something else, and so begin no person's name."""

PERSON_VERBS = _set(
    "said says told added stressed noted warned called urged stated announced argued claimed "
    "explained declared insisted pointed replied asked tweeted wrote thanked expressed emphasized "
    "reiterated criticized praised met spoke visited arrived testified acknowledged described "
    "suggested recalled underscored underlined condemned welcomed denied confirmed pledged vowed "
    "believes thinks is was has had who also will would"
)

BODY_KINDS = _set(
    "group firm company bank agency network charity newspaper website organization organisation lender giant"
)
"""Nouns that say of the name right behind them that it is a body's: "the advocacy group Clean Water Now"."""

MONTHS = _set("january february march april may june july august september october november december")
