import { type ComponentChildren, options, type VNode } from 'preact';
import { shownText } from '../../src/lib/shown-text.js';

/** Makes all elements show texts as `shownText` returns them, whatever names of classes and files contain. */
export function showTextsSafely(): void {
  const before = options.vnode;
  options.vnode = (node: VNode<{ children?: ComponentChildren }>) => {
    if (typeof node.type === 'string') node.props.children = shownChild(node.props.children);
    before?.(node);
  };
}

function shownChild(child: ComponentChildren): ComponentChildren {
  if (typeof child === 'string') return shownText(child);
  return Array.isArray(child) ? child.map(shownChild) : child;
}
