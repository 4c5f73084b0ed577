// Where the numbers of an answer come from: a mark in the text, or its button here, opens what the tool returned.
import { useEffect, useRef, useState } from 'react';

function Sources({ props }) {
  const [open, setOpen] = useState('');
  const root = useRef(null);

  useEffect(() => {
    const pressed = (event) => {
      const link = event.target.closest && event.target.closest('a[href^="#source-"]');
      const message = root.current && root.current.closest('.message-content');
      if (!link || !message || !message.contains(link)) return;
      event.preventDefault();
      event.stopPropagation();
      setOpen(decodeURIComponent(link.getAttribute('href')).replace('#source-', ''));
      requestAnimationFrame(() => root.current.scrollIntoView({ block: 'nearest', behavior: 'smooth' }));
    };
    document.addEventListener('click', pressed, true);
    return () => document.removeEventListener('click', pressed, true);
  }, []);

  const shown = props.sources.find((source) => source.mark === open);
  return (
    <section className="ss-sources" aria-label={props.title} ref={root}>
      <div className="ss-marks">
        <span className="ss-label">{props.title}</span>
        {props.sources.map((source) => (
          <button
            type="button"
            key={source.mark}
            aria-expanded={source.mark === open}
            onClick={() => setOpen(source.mark === open ? '' : source.mark)}
          >
            {source.mark} {source.head}
          </button>
        ))}
      </div>
      {shown ? (
        <div className="ss-source">
          <p className="ss-note">{shown.asked}</p>
          {shown.failed ? <p className="ss-notice">{shown.failed}</p> : null}
          {shown.tables.map((table, at) => (
            <div key={at}>
              <h4>{table.title}</h4>
              <div className="ss-scroll" tabIndex="0">
                <table>
                  {table.head.some((cell) => cell) ? (
                    <thead>
                      <tr>
                        {table.head.map((cell, column) => (
                          <th key={column} scope="col">
                            {cell}
                          </th>
                        ))}
                      </tr>
                    </thead>
                  ) : null}
                  <tbody>
                    {table.rows.map((row, line) => (
                      <tr key={line}>
                        {row.map((cell, column) => (
                          <td key={column}>{cell}</td>
                        ))}
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              {table.more ? <p className="ss-note">{table.more}</p> : null}
            </div>
          ))}
        </div>
      ) : null}
    </section>
  );
}

const Lasting = window.lasting('Sources', Sources);
export default <Lasting props={props} />;
