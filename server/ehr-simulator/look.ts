/** How each simulated EHR looks: a hospital record and a municipal home-care record. */

export interface EhrLook {
  /** The name of the record system, invented. */
  readonly product: string;
  /** `hospital` and `municipality` have rules of their own in the style sheet. */
  readonly theme: 'hospital' | 'municipality';
  /** SMART style for the app: colours and sizes. */
  readonly style: Readonly<Record<string, string>>;
}

const SHAPES = { dim_border_radius: '4px', dim_font_size: '16px', dim_spacing_size: '16px' };

export const EHR_LOOKS: Readonly<Record<EhrLook['theme'], EhrLook>> = {
  hospital: {
    product: 'Fjordjournal',
    theme: 'hospital',
    style: {
      color_background: '#f4f6fa',
      color_error: '#a4161a',
      color_highlight: '#1d4e89',
      color_modal_backdrop: '#00000080',
      color_success: '#1e6b3a',
      color_text: '#101b2b',
      font_family_body: "'Segoe UI', system-ui, sans-serif",
      font_family_heading: "'Segoe UI', system-ui, sans-serif",
      ...SHAPES,
    },
  },
  municipality: {
    product: 'Hjemme',
    theme: 'municipality',
    style: {
      color_background: '#f7f6f1',
      color_error: '#9b1c1c',
      color_highlight: '#2f6b3c',
      color_modal_backdrop: '#00000080',
      color_success: '#2f6b3c',
      color_text: '#1c2419',
      font_family_body: 'system-ui, sans-serif',
      font_family_heading: 'Georgia, serif',
      ...SHAPES,
    },
  },
};
