"""What models say around what they were asked for, in the languages that are asked in most. Pure."""

from __future__ import annotations

import re

# "Sure!", "Certainly, ", "Bien sûr !".
EAGER = re.compile(
    r"(?:(?:yes|oh|da|да|ja|oui|sí|sim)[,!] )?(?:assistant|(?:vielen dank für|merci pour|gracias por|obrigad[oa] por"
    r"|спасибо за) [^.!:\n]{1,80}|hello(?: there)?|hi(?: there)?|hey|perfect|wonderful|fantastic|awesome|excellent"
    r"|(?:an? )?(?:excellent|interesting|fascinating|wonderful) (?:question|topic)|what an? [a-z]{1,20} (?:question"
    r"|topic)|gern|absolut|hallo|guten tag|(?:gute|sehr gute|tolle) frage|absolument|parfait|bonjour"
    r"|(?:très )?bonne question|excellente question|¡?con gusto|¡?hola|¡?perfecto|¡?(?:excelente|buena) pregunta|olá"
    r"|perfeito|(?:excelente|ótima|boa) pergunta|com prazer|(?:ottima|bella) domanda|ciao|tabii|привет|здравствуйте"
    r"|(?:отличный|хороший|интересный) вопрос|с удовольствием|你好|您好|(?:这是个)?好问题|好的|こんにちは|(?:良い"
    r"|いい)質問ですね|承知いたしました|了解しました|了解です|안녕하세요|좋은 질문입니다|sure(?: thing)?|certainly"
    r"|of course|absolutely|definitely|gladly|with pleasure|okay|ok|great|great question|good question|got it"
    r"|understood|alright|all right|no problem|happy to help|i'd be happy to help|i’d be happy to help"
    r"|thank you for [^.!:\n]{1,80}|thanks for [^.!:\n]{1,80}|gerne|sehr gerne|natürlich|selbstverständlich|klar"
    r"|aber gerne|sicher|bien sûr|bien entendu|avec plaisir|certainement|d'accord|d’accord|très bien|volontiers|claro"
    r"|¡?claro que sí|por supuesto|¡?por supuesto|desde luego|con gusto|¡?claro|con mucho gusto|certo|certamente|ecco"
    r"|volentieri|claro que sim|com certeza|natuurlijk|zeker|graag|oczywiście|jasne|konečně|jistě|samozrejme"
    r"|självklart|selvfølgelig|tietysti|elbette|tabii ki|конечно|разумеется|хорошо|звичайно|بالتأكيد|بالطبع|כמובן"
    r"|ज़रूर|बिल्कुल|当然(?:可以)?|當然(?:可以)?|好的|没问题|沒問題|もちろんです?|承知しました|かしこまりました|はい"
    r"|물론입니다|물론이죠|네"
    r"|알겠습니다)[ \u00a0\u202f]?[!.,:。！，、：–—-]+(?: ?[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?){0,3}\s*",
    re.IGNORECASE,
)
# Behind these a text may go on; "Hello! Project" and "OK! Magazine" are names.
CERTAIN = re.compile(
    r"(?!(?:hello|hi|hey|hola|ciao|olá|hallo|ok|okay|perfect|certo|claro|absolut|yes|alright)\b)[^!！\n]{1,100}[!！]",
    re.IGNORECASE,
)
PRESENTS = re.compile(
    r"(?:so |now,? |as (?:requested|you asked|per your request), )?(?:let(?:'s|’s) (?:dive|get|begin|start|explore)"
    r"|i can help|i(?:['’]d| would) be happy|ich habe|ご依頼の|представляю|let me (?:put|write|provide|summari"
    r"|synthesi|merge|compile)|i(?:'ll|’ll| will) (?:now )?(?:write|provide|summari|synthesi|merge|combine|compile"
    r"|put|prepare)|(?:based on|drawing on|auf (?:der )?(?:grundlage|basis)|basierend auf|sur la base|à partir d"
    r"|con base en|basándome en|com base n|in base a|на основе|根据|根據|基于)[^.:。：\n]{0,60}(?:provided|findings"
    r"|perspectives|angles|you gave|your|bereitgestellt|ergebnisse|befunde|fourni|résultats|proporcionad|hallazgos"
    r"|fornecid|achados|fornit|предоставленн|найденн|提供|上述|以上)[^:：\n]{0,80}(?:here|hier|report|summary|overview"
    r"|synthesis|bericht|voici|rapport|aquí|informe|aqui|relat|ecco|relazione|вот|отч|报告|報告|如下"
    r"|以下)[^:：\n]{0,40}[:：]$|here(?:'s|’s| is| are"
    r"| you go| it is)|below,? (?:is|are|you|i['’])|the following (?:is|are) (?:the|an?|my|your)\b|this is (?:the"
    r"|my|your)|i(?:'ve|’ve"
    r"| have) (?:[a-z]{1,12}ly )?(?:reviewed|written|prepared|compiled|put together|merged|researched|synthesi[sz]ed"
    r"|combined)|(?:hier|nachfolgend|im folgenden|unten) (?:ist|sind|finden?|folgt|kommt|der|die|das|eine?n?|habe)"
    r"|voici|ci-dessous|aquí (?:tienes|tiene|está|están|te)|a continuación|ecco|di seguito|aqu[ií] vai?"
    r"|est[ae] es (?:el|la|tu|su)|aqui (?:está|estão|tem)|segue|a seguir|abaixo|hier (?:is|zijn|volgt)|hieronder|oto"
    r"|poniżej|zde je|här (?:är|kommer)|her er|alla on|işte|i̇şte|İşte|aşağıda|вот|ниже|ось|إليك|فيما يلي|הנה|להלן"
    r"|यहाँ|नीचे|以下(?:是|为|為|は|に|の|が)|这是|這是|こちらが|以下に|[^。\n]{1,40}(?:を作成しました|をまとめました"
    r"|を作成します|をまとめます)|下面是|我(?:来|來|将|將|已)|为您|為您|다음은|아래는|아래에|여기|요청하신)",
    re.IGNORECASE,
)
WORK = re.compile(
    r"look at|report|summary|overview|answer|finding|synthesis|section|research|analysis|version|response|bericht"
    r"|zusammenfassung|übersicht|überblick|antwort|analyse|rapport|synthèse|résumé|réponse|informe|resumen|respuesta"
    r"|análisis|relazione|sintesi|risposta|relatório|resposta|verslag|overzicht|raport|odpowiedź|zpráva|отч|обзор"
    r"|ответ|резюме|звіт|تقرير|דוח|रिपोर्ट|报告|報告|综述|回答|レポート|まとめ|보고서|요약|답변|résultat|resultado"
    r"|ergebnis|resoconto|rapporto|rapor|özet",
    re.IGNORECASE,
)
# "Here is the text:", "Here you go:": the line says nothing else, whatever comes behind it.
CLOSED = re.compile(
    r"(?:here(?:'s|’s| is| are)|below (?:is|are)|this is) (?:(?:the|your|an?|my) )?(?:[a-z-]{1,20},? ){0,3}(?:report"
    r"|summary|overview|answer|findings|synthesis|analysis|version|response|results?|texts?|content|breakdown|article"
    r"|explanation|document|write-up|piece)(?: (?:you (?:asked|wanted)|you requested|as requested"
    r"|in markdown)[a-z ]{0,20})?[*_ ]*[:.!]|here (?:you go|it is|you are)[*_ ]*[:.!]",
    re.IGNORECASE,
)
# "Final report:", alone on the first line.
LABEL = re.compile(
    r"(?:(?:final|full|research|integrated) ){0,2}(?:report|answer|output|response)[*_ ]*:[*_ ]*", re.IGNORECASE
)
OFFER = re.compile(
    r"(?:please )?(?:any (?:other |more |further )?questions\?|happy to (?:adjust|answer|discuss|clarify|share"
    r"|revise)|i can (?:also )?(?:expand|elaborate|provide|add|go)\b|if this helps|ask me any|cheers!$"
    r"|would an? [a-z]+ help\?|(?:can|could|may|how else can|is|does|do|would|should) (?:i|this|that"
    r"|you) [^?\n]{0,60}(?:anything else|looking for|your needs|(?:more|further|additional) (?:details?|information"
    r"|context|examples))\b[^?\n]{0,30}\?$|how (?:else )?can i help|can i help|kann ich (?:sonst|dir|ihnen)"
    r"|(?:benötig|wünsch|brauch)(?:en sie|st du) (?:weitere|mehr|noch)|puis-je vous|j['’]espère que ce |¿(?:te"
    r"|le) gustaría saber|¿puedo ayudar|espero que est[ea] |espero ter ajudado|gostaria de saber"
    r"|[^。\n]{0,30}お役に立て|[^。\n]{1,40}知りたい[^。\n]{0,20}ありますか|是否需要我|请问(?:还|您|你)|(?:您"
    r"|你)还想(?:了解|知道)|더 (?:알고|궁금|필요|자세)[^\n]{1,60}있나요|질문이 있으시면|могу ли я|хотите (?:узнать"
    r"|получить)|надеюсь,? (?:отч|обзор)|если у вас остались|let me know|feel free|don't hesitate|don’t hesitate"
    r"|do not hesitate|tell me if you(?:'d|’d| would| want| need| like)|just (?:ask|let me know|say)"
    r"|(?:i )?hope (?:this|that|it) (?:helps|was helpful|is helpful|answers)|i hope this [a-z ]{0,40}(?:helps|helpful"
    r"|useful|meets|gives you|provides)|(?:for|need|want) (?:more|any|further) [a-z ]{1,30}[?,] just ask"
    r"|i can also [^.\n]{1,100}\bif you|does (?:this|that) (?:help\?|answer your)|do you have (?:any|other|more"
    r"|further) (?:\w{1,10} )?questions|what would you like|wh(?:ich|at) (?:of these|part|section|aspect"
    r"|point)[^?\n]{0,40} would you like|that['’]s (?:it|all)!|thank(?:s| you) for reading|would you like (?:me"
    r"|to (?:explore|see|learn|dive|discuss|hear|continue|go)|to know|more|a |additional|further)|do you want me"
    r"|shall i [^?\n]{1,120}\?$|should i (?:also )?(?:expand|add|go|dive|write|elaborate)|is there anything (?:else"
    r"|specific|in particular)|(?:i'd|i’d|i would|i'm|i’m|i am) (?:be )?(?:happy|glad) to|want me to"
    r"|need anything else|happy to (?:expand|help|go|dive|elaborate|add|provide)|(?:gib|geben sie) mir (?:gerne "
    r"|gern )?bescheid|sag(?:en sie)? (?:mir )?(?:gerne |gern |einfach )?bescheid"
    r"|lass(?:en sie)? (?:es )?mich (?:gerne |gern )?wissen|soll ich [^?\n]{1,120}\?$|meld(?:e dich|en sie sich)"
    r"|ha(?:st du|ben sie) (?:noch |weitere )+fragen|möchtest du|möchten sie|ich hoffe,? (?:das|dies)"
    r"|bei (?:weiteren )?fragen|gerne? kann ich|gerne? (?:erweitere|vertiefe|ergänze) ich|n['’]hésite[zs]?|(?:veux-tu"
    r"|voulez-vous) (?:plus|d['’]autres|en savoir)|(?:avez-vous|as-tu) d['’]autres questions|je (?:reste"
    r"|suis) à (?:votre|ta) disposition|souhaite[zs][- ](?:vous|tu)|veux-tu que|voulez-vous que|dites-moi|dis-moi"
    r"|j['’]espère que (?:cela|ceci|ça)|faites-moi savoir|¿?(?:quieres|desea|deseas|te gustaría|le gustaría) que"
    r"|¿hay algo más|¿(?:necesitas?|tienes?|quieres) (?:algo|más|alguna)|dime si|quedo a (?:tu|su)|avísame"
    r"|hazme saber|házmelo saber|no dudes en|no dude en|espero que (?:esto|te|le|isso|isto)|fammi sapere|vuoi che"
    r"|desideri che|spero che (?:questo|ti)|non esitare|fico à (?:sua )?disposição|posso ajudar|precisa de mais"
    r"|há mais alguma coisa|(?:me )?avise|gostaria que|quer que eu|não hesite|laat (?:het )?me (?:gerust )?weten"
    r"|wil je dat ik|zal ik [^?\n]{1,120}\?$|daj(?:cie)? (?:mi )?znać|czy (?:chcesz|mam)|dej mi vědět|säg till"
    r"|vill du att jag|sig til|дай(?:те)? (?:мне )?знать|хотите,? (?:чтобы|я)|буду рада? (?:ответить|помочь)"
    r"|обращайтесь|нуж(?:но|на|ны|ен) ли [^?\n]{0,60}(?:раскрыть|добавить|подробн|дополнит)|надеюсь,? (?:это|что)"
    r"|если (?:у вас )?(?:есть|возникнут|нужно)[^.\n]{0,60}(?:вопрос|знать|скажите)|如果(?:您|你)[^。\n]{0,60}(?:告诉"
    r"|告訴|问|問|随时|隨時|请|請)|如(?:需|有)[^。\n]{0,60}(?:告诉|告訴|随时|隨時|请|請)|希望(?:这|這"
    r"|以上)[^。\n]{0,30}(?:帮|幫|有用|有所|满意|滿意)|(?:需要|要不要)我|(?:您|你)(?:希望|想"
    r"|需要)[^。？\n]{1,40}[吗嗎]？|还有(?:其他|什么|别的)[^。\n]{0,10}[吗嗎]？|欢迎(?:随时|继续)?(?:提问|提出|告诉)"
    r"|ご(?:不明|質問)[^\n]{0,60}(?:お知らせ|お気軽|ください)|[^。\n]{2,60}(?:お知らせください|教えてください"
    r"|お申し付けください|お尋ねください)|他に[^\n]{0,40}(?:ください|ありますか)|必要(?:であれば|でしたら)|お役に立て"
    r"|도움이 되(?:었|셨|기를|길)|(?:더|추가|원하시면|궁금한)[^\n]{1,60}(?:알려|말씀|문의|물어|드릴|요청|신가요)"
    r"|어떤 (?:부분|점)[^\n]{1,40}(?:으신가요|까요))",
    re.IGNORECASE,
)
# "Let me know is what chatbots say": what comes behind the words when they are spoken of.
SPOKEN_OF = re.compile(r"[\"”’']?,? (?:is|was|were|are|has|had|became|asked|said|means|meant)\b", re.IGNORECASE)
# What a text says about itself behind its end: "[End of report]", "Word count: 352".
END = re.compile(
    r"(?:end of (?:the )?(?:report|document|summary|response)|(?:total )?word count:? (?:approx(?:imately|\.)?|about"
    r"|~)? ?\d[\d,.]*(?: words)?)[\W_]*",
    re.IGNORECASE,
)
# "If you'd like, I can …": the same words may begin advice, so that what follows has to speak of the writer.
CONDITION = re.compile(
    r"(?:and )?(?:if you(?:'d|’d| would)? (?:like|want|need|have|prefer)|should you (?:need|have|want|require)"
    r"|when you are ready|wenn (?:du|sie)|falls (?:du|sie)|si (?:vous|tu|quieres|tienes|deseas|desea|necesitas"
    r"|lo deseas|te)|se (?:vuoi|desideri|quiser|precisar|hai|tiver)|als je|jeśli|если (?:вы|хотите|нужно)|如果(?:您"
    r"|你|需)|若(?:您|你|需)|もし|원하시면)",
    re.IGNORECASE,
)
WRITER = re.compile(
    r"\b(?:i can|i could|i(?:'d|’d| would) be|i(?:'ll|’ll| will)|i(?:'m|’m| am) happy|let me know|feel free"
    r"|just (?:ask|say)|(?:don['’]t|do not) hesitate|ask me|tell me|me to|kann ich|könnte ich|lass es mich"
    r"|sag (?:mir )?bescheid|gib mir|je peux|je pourrai|dites-moi|n['’]hésitez?|ich gerne|házmelo|fique à vontade"
    r"|zur verfügung|no dudes?|avisar|puedo|dímelo|dime|avísame|posso|fammi|dimmi|avise|me diga|kan ik|laat het|mogę"
    r"|daj znać|могу|скажите|дайте знать)\b|我可以|告诉我|告訴我|お知らせ|いたします|드리|알려",
    re.IGNORECASE,
)
