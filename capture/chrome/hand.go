package chrome

import (
	"context"

	"github.com/chromedp/cdproto/input"

	"yuzheng/capture/chrome/devtools"
	"yuzheng/casefile/evidence"
)

// point is a place in the window, in CSS pixels.
type point struct {
	X float64 `json:"x"`
	Y float64 `json:"y"`
}

// move does what any visitor's hand does soon after a page has come: it moves the mouse, or swipes a little. Pages wait for that before
// they show what they have. Nothing is clicked.
func (j *job) move(ctx context.Context) error {
	w, h := float64(j.Page.Visitor.Width), float64(j.Page.Visitor.Height)
	if j.Page.Visitor.TouchPoints > 0 {
		j.Journal.Note(evidence.ByTool, "swipe", "a finger's width up and down, as a visitor would")
		return j.swipe(ctx, point{w / 2, h * 0.7}, point{w / 2, h*0.7 - 40}, point{w / 2, h * 0.7})
	}
	j.Journal.Note(evidence.ByTool, "move", "the mouse over the page, as a visitor would")
	for _, p := range []point{{w * 0.3, h * 0.3}, {w * 0.45, h * 0.4}, {w * 0.5, h * 0.52}} {
		if err := j.mouse(ctx, input.DispatchMouseEventTypeMouseMoved, p); err != nil {
			return err
		}
	}
	return nil
}

func (j *job) swipe(ctx context.Context, path ...point) error {
	if err := j.touch(ctx, input.DispatchTouchEventTypeTouchStart, path[0]); err != nil {
		return err
	}
	for _, p := range path[1:] {
		if err := j.touch(ctx, input.DispatchTouchEventTypeTouchMove, p); err != nil {
			return err
		}
	}
	return j.touch(ctx, input.DispatchTouchEventTypeTouchEnd)
}

// click presses at a place as a hand does: the page gets trusted events.
func (j *job) click(ctx context.Context, p point) error {
	j.Exchanges.Stir() // what comes of it takes a moment to begin
	if j.Page.Visitor.TouchPoints > 0 {
		if err := j.touch(ctx, input.DispatchTouchEventTypeTouchStart, p); err != nil {
			return err
		}
		return j.touch(ctx, input.DispatchTouchEventTypeTouchEnd)
	}
	for _, kind := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMouseMoved, input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
		if err := j.mouse(ctx, kind, p); err != nil {
			return err
		}
	}
	return nil
}

func (j *job) mouse(ctx context.Context, kind input.DispatchMouseEventType, p point) error {
	params := input.DispatchMouseEventParams{Type: kind, X: p.X, Y: p.Y}
	if kind != input.DispatchMouseEventTypeMouseMoved {
		params.Button, params.ClickCount = input.MouseButtonLeft, 1
	}
	_, err := devtools.Call(ctx, j.Page.Session, input.DispatchMouseEvent, params)
	return err
}

func (j *job) touch(ctx context.Context, kind input.DispatchTouchEventType, points ...point) error {
	params := input.DispatchTouchEventParams{Type: kind, TouchPoints: []*input.TouchPoint{}}
	for _, p := range points {
		params.TouchPoints = append(params.TouchPoints, &input.TouchPoint{X: p.X, Y: p.Y})
	}
	_, err := devtools.Call(ctx, j.Page.Session, input.DispatchTouchEvent, params)
	return err
}
