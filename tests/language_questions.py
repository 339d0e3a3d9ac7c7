"""Stories in languages other than English, and what their readers type to find them."""

from __future__ import annotations

Told = tuple[str, str]
"""The title of a story, and its text."""

JAPANESE: dict[str, Told] = {
    "expo": ("大阪・関西万博の建設費、再び上振れ", "参加を取りやめる国も出ている。"),
    "bikes": ("自転車の交通違反に反則金制度を導入へ", "警察庁は青切符を検討している。"),
    "trains": ("大雪で東海道新幹線が一時運転見合わせ", "乗客は駅で夜を明かした。"),
    "ntt": ("ＮＴＴ法の廃止をめぐり通信各社が反対", "公正な競争が妨げられるという。"),
    "card": ("マイナンバーカードの誤登録が相次ぐ", "政府は総点検を指示した。"),
    "furnace": ("東京の火葬場、筆頭株主が中国系企業に", "料金の値上げが続いている。"),
    "vaccine": ("国産のコロナワクチンを初めて承認", "厚生労働省の部会が了承した。"),
    "cloud": ("政府クラウドに国内企業を選定", "さくらインターネットが選ばれた。"),
    "buses": ("万博の輸送に中国製の電気バス", "ＢＹＤが車両を納める。"),
    "land": ("外国資本による土地買収に規制論", "水源地が対象になるとの声がある。"),
    "rice": ("コメの価格、過去最高を更新", "備蓄米の放出を求める声が強い。"),
    "quake": ("能登半島で震度6強の地震", "津波警報が出された。"),
}
CHINESE: dict[str, Told] = {
    "houses": ("多地新建商品住宅价格继续下跌", "一线城市房价也出现下降。"),
    "train": ("高铁因暴雪大面积晚点", "旅客滞留在车站。"),
    "chips": ("台湾半导体出口创下新高", "人工智能需求强劲。"),
    "flu": ("北京儿童流感病例增加", "医院候诊时间变长。"),
    "cars": ("比亚迪电动车销量超过特斯拉", "出口增长迅速。"),
    "sea": ("日本核污水排海引发抗议", "渔民担心生计。"),
    "exam": ("高考改革方案公布", "考生可以选择科目。"),
    "moon": ("嫦娥六号从月球背面带回样本", "这是人类首次。"),
}
KOREAN: dict[str, Told] = {
    "fare": ("서울 지하철 요금 150원 인상", "다음 달부터 적용된다."),
    "birth": ("출산율 역대 최저 기록", "정부는 대책을 내놓았다."),
    "chips": ("삼성전자 반도체 영업이익 급감", "재고가 쌓였다."),
    "rain": ("집중호우로 지하차도 침수", "소방당국이 구조에 나섰다."),
    "doctors": ("의대 정원 확대에 의사들 반발", "파업을 예고했다."),
    "film": ("한국 영화, 칸 영화제에서 수상", "감독이 소감을 밝혔다."),
    "rocket": ("누리호 3차 발사 성공", "위성이 궤도에 올랐다."),
}
GERMAN: dict[str, Told] = {
    "strike": ("Streik am Flughafen München", "Hunderte Flüge fallen aus."),
    "rail": ("Deutsche Bahn erhöht die Preise", "Fahrten nach München werden teurer."),
    "heat": ("Wärmepumpen werden gefördert", "Das Heizungsgesetz ist beschlossen."),
    "minister": ("Verkehrsminister will Straßen sanieren", "Die Brücken sind marode."),
    "energy": ("Kernkraftwerke gehen vom Netz", "Die letzten drei wurden abgeschaltet."),
    "fire": ("Großbrand in Hamburger Lagerhalle", "Niemand wurde verletzt."),
    "jam": ("Ferienbeginn: Staus auf Autobahnen", "Besonders im Süden."),
    "power": ("Strompreise sinken im Herbst", "Verbraucher zahlen weniger."),
    "flats": ("Wohnungsbau bricht ein", "Die Zinsen sind gestiegen."),
}

ASKED: list[tuple[dict[str, Told], str, str]] = [
    *(
        (JAPANESE, typed, key)
        for typed, key in (
            ("大阪万博", "expo"),
            ("関西万博 建設費", "expo"),
            ("自転車の反則金", "bikes"),
            ("自転車 青切符", "bikes"),
            ("新幹線が止まった", "trains"),
            ("東海道新幹線 大雪", "trains"),
            ("NTT法", "ntt"),
            ("ＮＴＴ法廃止", "ntt"),
            ("ntt法の廃止", "ntt"),
            ("ﾏｲﾅﾝﾊﾞｰ", "card"),
            ("まいなんばー", "card"),
            ("マイナンバーの誤登緑", "card"),
            ("火葬場 中国", "furnace"),
            ("火葬場の株主", "furnace"),
            ("コロナの国産ワクチン", "vaccine"),
            ("ころなわくちん", "vaccine"),
            ("政府のクラウド", "cloud"),
            ("電気バス 万博", "buses"),
            ("byd バス", "buses"),
            ("土地を外国人が買う", "land"),
            ("米の値段 過去最高", "rice"),
            ("能登の地震", "quake"),
            ("能登半島地震", "quake"),
        )
    ),
    *(
        (CHINESE, typed, key)
        for typed, key in (
            ("房价下跌", "houses"),
            ("住宅價格", "houses"),
            ("高鐵晚點", "train"),
            ("高铁暴雪", "train"),
            ("半導體出口", "chips"),
            ("儿童流感", "flu"),
            ("比亚迪特斯拉", "cars"),
            ("電動車銷量", "cars"),
            ("核污水", "sea"),
            ("日本排放核污水", "sea"),
            ("高考的改革", "exam"),
            ("嫦娥六號樣本", "moon"),
        )
    ),
    *(
        (KOREAN, typed, key)
        for typed, key in (
            ("지하철요금", "fare"),
            ("지하철 요금이", "fare"),
            ("서울지하철 인상", "fare"),
            ("출산율은", "birth"),
            ("삼성 반도체", "chips"),
            ("삼성전자의 이익", "chips"),
            ("지하차도침수", "rain"),
            ("의대정원", "doctors"),
            ("칸영화제 한국", "film"),
            ("누리호를 발사", "rocket"),
        )
    ),
    *(
        (GERMAN, typed, key)
        for typed, key in (
            ("Flughafenstreik", "strike"),
            ("flughafen streik muenchen", "strike"),
            ("Bahn München", "rail"),
            ("Bahnpreise", "rail"),
            ("Wärmepumpe", "heat"),
            ("Waermepumpe Förderung", "heat"),
            ("Minister Verkehr", "minister"),
            ("Strassen Verkehrsminister", "minister"),
            ("Kernkraft", "energy"),
            ("Kraftwerke abgeschaltet", "energy"),
            ("Wohnungs-Bau Zinsen", "flats"),
            ("Pumpe Wärme", "heat"),
            ("Minister saniert Straßen", "minister"),
            ("Brand Lager Hamburg", "fire"),
            ("Stau Autobahn Ferien", "jam"),
            ("Preise Strom", "power"),
        )
    ),
]
"""The stories that are searched, what is typed, and the name of the story that is meant."""
