/**
 * Mantine set up with the app's colours, type and focus.
 *
 * Spec: https://mantine.dev/theming/theme-object/
 */
import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';
import { COLORS, cssVariables } from './tokens.ts';

const petrol: MantineColorsTuple = [
  COLORS.primarySoft,
  '#cfe1e5',
  '#a3c6cd',
  '#74a9b4',
  '#4f8f9d',
  '#367c8b',
  '#236a79',
  '#1a5c6a',
  COLORS.primary,
  '#0c3b45',
];

export const theme = createTheme({
  colors: { petrol },
  primaryColor: 'petrol',
  primaryShade: 8,
  fontFamily: '"Inter", "Segoe UI", system-ui, -apple-system, "Open Sans", "Helvetica Neue", Arial, sans-serif',
  defaultRadius: 'md',
  focusRing: 'auto',
  respectReducedMotion: true,
});

export const cssVariablesResolver: CSSVariablesResolver = () => ({
  variables: cssVariables(),
  light: { '--mantine-color-body': COLORS.ground, '--mantine-color-text': COLORS.ink, '--mantine-color-dimmed': COLORS.muted },
  dark: {},
});
