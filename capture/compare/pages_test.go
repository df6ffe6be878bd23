package compare

import (
	"fmt"
	"strings"
)

// The pages of the tests. All of it is made up.

const shop = `小山手工皂　天然植物油冷製皂
我們用阿里山的苦茶油、屏東的椰子油，一鍋一鍋慢慢攪，放在木架上熟成四十五天。
檜木皂　洗起來像下過雨的森林　NT$180
艾草皂　端午前後限量　NT$160
苦茶皂　洗頭也可以　NT$170
薰衣草皂　睡前洗澡用　NT$190
購物須知：滿一千元免運費，七天鑑賞期內未拆封可以退換。
門市在南投縣埔里鎮，週一公休，歡迎帶小孩來體驗打皂。`

const invest = `鼎盛投資Pro　AI 選股與名師帶單
保證獲利，穩賺不賠！老師一對一帶單，虧損全額補貼，三十天翻倍。
今日會員平均獲利 38.6%，剩餘名額 7 位，立即註冊領取體驗金 8,888 元。
加入 LINE 群組，立即領取飆股名單
客服LINE：@abc88　助理林小姐
入金方式：銀行轉帳、USDT（TRC20）
會員見證：第一週就獲利二十八萬，感謝老師！退休金放這裡，每月領分紅。
本平台由國際金融監管機構核准，資金由第三方銀行託管，隨時出金。`

const article = `How to plan a small vegetable garden
A garden of four beds is enough for a family of three. Begin with the soil: dig it over in the autumn, mix in well rotted compost,
and let the frost do the rest. In early spring sow peas, broad beans and spinach, which do not mind a cold night. Tomatoes and
cucumbers wait until the middle of May. Rotate the beds every year so that pests do not find their favourite plant in the same place.
Water in the morning rather than in the evening, and less often but thoroughly. A mulch of straw keeps the moisture in the ground.`

// parked is what a seller of names shows.
const parked = `site.example
This domain is for sale!
Related searches: Investment, Stocks, Insurance, Loans
Buy this domain`

const (
	menu    = "首頁 最新消息 關於我們 產品介紹 會員專區 購物車 門市資訊 聯絡我們"
	column  = "熱門文章：冬天皮膚乾癢怎麼辦 手工皂的五個保存方法 為什麼皂會出油 電子報訂閱 追蹤我們的粉絲專頁"
	footer  = "小山手工皂工作室　統一編號 00000000　南投縣埔里鎮中山路一號　電話 049-2000-000　版權所有"
	footer2 = "隱私權政策 服務條款 網站地圖 友站連結 合作提案"
)

// moment is a page at one moment: with a clock, counters, a ticker of ever new names and an offer that turns.
func moment(content string, n int) string {
	names := []string{"王", "李", "張", "劉", "陳", "楊", "趙", "黃", "周", "吳", "徐", "孫"}
	offers := []string{"本週優惠：全館九折", "新品上市：柚子皂", "會員日點數加倍", "滿額贈手工皂一塊"}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n現在時間 2026-11-%02d %02d:%02d:%02d　線上 %d 人　累計瀏覽 %d,%03d 次\n", menu, 1+n%28, n%24, n*7%60, n*13%60, 100+n*37, 10+n, n*331%1000)
	fmt.Fprintf(&b, "%s\n%s\n%s\n", offers[n%len(offers)], content, column)
	for i := range 3 {
		fmt.Fprintf(&b, "%s小姐 %d 分鐘前訂購\n", names[(n*5+i)%len(names)], 1+(n+i*11)%59)
	}
	return b.String() + footer + "\n" + footer2
}

// onPhone is the same page in a layout for phones: without menu, side column and half of the footer.
func onPhone(content string) string { return content + "\n" + footer }
