"""What models say around what they were asked for, in the languages that are asked in most. Pure."""

from __future__ import annotations

import re

# "Sure!", "Certainly, ", "Bien sûr !".
EAGER = re.compile(
    r"(?:(?:yes|oh)[,!] )?(?:sure(?: thing)?|certainly|of course|absolutely|definitely|gladly|with pleasure|okay"
    r"|ok|great|great question|good question|got it|understood|alright|all right|no problem|happy to help"
    r"|i'd be happy to help|i’d be happy to help|thank you for [^.!:\n]{1,80}|thanks for [^.!:\n]{1,80}|gerne"
    r"|sehr gerne|natürlich|selbstverständlich|klar|aber gerne|sicher|bien sûr|bien entendu|avec plaisir"
    r"|certainement|d'accord|d’accord|très bien|volontiers|claro|¡?claro que sí|por supuesto|¡?por supuesto"
    r"|desde luego|con gusto|¡?claro|con mucho gusto|certo|certamente|ecco|volentieri|claro que sim|com certeza"
    r"|natuurlijk|zeker|graag|oczywiście|jasne|konečně|jistě|samozrejme|självklart|selvfølgelig|tietysti|elbette"
    r"|tabii ki|конечно|разумеется|хорошо|звичайно|بالتأكيد|بالطبع|כמובן|ज़रूर|बिल्कुल|当然(?:可以)?|當然(?:可以)?"
    r"|好的|没问题|沒問題|もちろんです?|承知しました|かしこまりました|はい|물론입니다|물론이죠|네"
    r"|알겠습니다)"
    r"[ \u00a0\u202f]?[!.,:。！，、：–—-]+(?: ?[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?){0,3}\s*",
    re.IGNORECASE,
)
PRESENTS = re.compile(
    r"(?:so |now,? )?(?:here(?:'s|’s| is| are| you go| it is)|below (?:is|are|you)|the following (?:is|are)"
    r"|this is (?:the|my|your)|i(?:'ve|’ve| have) (?:written|prepared|compiled|put together|merged|researched"
    r"|synthesi[sz]ed|combined)|(?:hier|nachfolgend|im folgenden|unten) (?:ist|sind|finden?|folgt|der|die|das"
    r"|habe)|voici|ci-dessous|aquí (?:tienes|tiene|está|están|te)|a continuación|ecco|di seguito|aqui (?:está"
    r"|estão|tem)|segue|a seguir|abaixo|hier (?:is|zijn|volgt)|hieronder|oto|poniżej|zde je|här (?:är|kommer)"
    r"|her er|alla on|işte|aşağıda|вот|ниже|ось|إليك|فيما يلي|הנה|להלן|यहाँ|नीचे|以下(?:是|为|為|は|に|の|が)|这是"
    r"|這是|こちらが|下面是|다음은|아래는|여기)",
    re.IGNORECASE,
)
WORK = re.compile(
    r"report|summary|overview|answer|finding|synthesis|section|research|analysis|version|response"
    r"|bericht|zusammenfassung|übersicht|überblick|antwort|analyse|rapport|synthèse|résumé|réponse|informe|resumen"
    r"|respuesta|análisis|relazione|sintesi|risposta|relatório|resposta|verslag|overzicht|raport|odpowiedź|zpráva"
    r"|отч|обзор|ответ|резюме|звіт|تقرير|דוח|रिपोर्ट|报告|報告|综述|回答|レポート|まとめ|보고서|요약|답변",
    re.IGNORECASE,
)
OFFER = re.compile(
    r"(?:please )?(?:let me know|feel free|don't hesitate|don’t hesitate|do not hesitate|tell me if|just (?:ask"
    r"|let me know|say)|(?:i )?hope (?:this|that|it) (?:helps|was helpful|is helpful|answers)|would you like (?:me"
    r"|to know|more|a |additional|further)|do you want me|shall i|should i (?:also )?(?:expand|add|go|dive|write"
    r"|elaborate)|is there anything (?:else|specific|in particular)|(?:i'd|i’d|i would|i'm|i’m"
    r"|i am) (?:be )?(?:happy|glad) to|want me to|need anything else|happy to (?:expand|help|go|dive|elaborate|add"
    r"|provide)|(?:gib|geben sie) mir (?:gerne |gern )?bescheid|sag(?:en sie)? (?:mir )?(?:gerne |gern "
    r"|einfach )?bescheid|lass(?:en sie)? (?:es )?mich (?:gerne |gern )?wissen|soll ich|möchtest du|möchten sie"
    r"|ich hoffe,? (?:das|dies)|bei (?:weiteren )?fragen|gerne? kann ich|gerne? (?:erweitere|vertiefe|ergänze) ich"
    r"|n['’]hésite[zs]?|souhaite[zs][- ](?:vous|tu)|veux-tu que|voulez-vous que|dites-moi|dis-moi"
    r"|j['’]espère que (?:cela|ceci|ça)|faites-moi savoir|¿?(?:quieres|desea|deseas|te gustaría|le gustaría) que"
    r"|avísame|hazme saber|házmelo saber|no dudes en|no dude en|espero que (?:esto|te|le|isso|isto)|fammi sapere"
    r"|vuoi che|desideri che|spero che (?:questo|ti)|non esitare|(?:me )?avise|gostaria que|quer que eu|não hesite"
    r"|laat (?:het )?me (?:gerust )?weten|wil je dat ik|zal ik|daj(?:cie)? (?:mi )?znać|czy (?:chcesz|mam)"
    r"|dej mi vědět|säg till|vill du att jag|sig til|дай(?:те)? (?:мне )?знать|хотите,? (?:чтобы|я)"
    r"|надеюсь,? (?:это|что)|если (?:у вас )?(?:есть|возникнут|нужно)[^.\n]{0,60}(?:вопрос|знать|скажите)"
    r"|如果(?:您|你)[^。\n]{0,60}(?:告诉|告訴|问|問|随时|隨時|请|請)|如(?:需|有)[^。\n]{0,60}(?:告诉|告訴|随时"
    r"|隨時|请|請)|希望(?:这|這|以上)|(?:需要|要不要)我|ご(?:不明|質問)[^\n]{0,60}(?:お知らせ|お気軽|ください)"
    r"|他に[^\n]{0,40}(?:ください|ありますか)|必要(?:であれば|でしたら)|お役に立て|도움이 되|더 (?:궁금"
    r"|필요)[^\n]{0,60}|추가(?:로|적인)[^\n]{0,60}(?:알려|말씀|문의))",
    re.IGNORECASE,
)
# "If you'd like, I can …": the same words may begin advice, so that what follows has to speak of the writer.
CONDITION = re.compile(
    r"(?:and )?(?:if you(?:'d|’d| would)? (?:like|want|need|have|prefer)|should you (?:need|have|want)"
    r"|when you are ready|wenn (?:du|sie)|falls (?:du|sie)|si (?:vous|tu|quieres|deseas|desea|necesitas|lo deseas"
    r"|te)|se (?:vuoi|desideri|quiser|precisar|hai)|als je|jeśli|если (?:вы|хотите|нужно)|若(?:您|你|需)|もし"
    r"|원하시면)",
    re.IGNORECASE,
)
WRITER = re.compile(
    r"\b(?:i can|i could|i(?:'d|’d| would) be|i(?:'ll|’ll| will)|i(?:'m|’m| am) happy|let me know|feel free"
    r"|just (?:ask|say)|ask me|tell me|me to|kann ich|könnte ich|lass es mich|sag (?:mir )?bescheid|gib mir"
    r"|je peux|je pourrai|dites-moi|n['’]hésitez|puedo|dímelo|dime|avísame|posso|fammi|dimmi|avise|me diga|kan ik"
    r"|laat het|mogę|daj znać|могу|скажите|дайте знать)\b|我可以|告诉我|告訴我|お知らせ|いたします|드리|알려",
    re.IGNORECASE,
)
