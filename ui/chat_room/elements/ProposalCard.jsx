// The card of a proposal: a view of its row. It holds the number only, and asks how things stand whenever it is shown,
// whenever the server says that something has changed, and when the window is looked at again.
import { useCallback, useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Input } from '@/components/ui/input';

function ProposalCard({ props, callAction }) {
  const [card, setCard] = useState(null);
  const [quantity, setQuantity] = useState(null);
  const [busy, setBusy] = useState(false);
  const [notice, setNotice] = useState('');
  const number = card ? card.id : props.proposal;

  const load = useCallback(async () => {
    try {
      const answer = await fetch(`/proposal-cards/${props.proposal}`, { headers: { accept: 'application/json' } });
      if (answer.ok) setCard(await answer.json());
      else if (answer.status === 401) window.location.reload();
      else if (answer.status === 404) setCard({ gone: true });
    } catch (error) {
      setTimeout(load, 3000);
    }
  }, []);

  useEffect(() => {
    load();
    const changed = (event) => {
      if (!event.detail || /proposals|orders/.test(event.detail)) load();
    };
    window.addEventListener('stocksense', changed);
    window.addEventListener('focus', load);
    return () => {
      window.removeEventListener('stocksense', changed);
      window.removeEventListener('focus', load);
    };
  }, [load]);

  const send = async (what, values) => {
    setBusy(true);
    setNotice('');
    try {
      const answer = await fetch(`/proposal-cards/${number}/${what}`, {
        method: 'POST',
        headers: { 'x-csrf': card.csrf, accept: 'application/json' },
        body: new URLSearchParams({ digest: card.digest, ...values })
      });
      const isCard = (answer.headers.get('content-type') || '').includes('json');
      const fresh = isCard ? await answer.json() : null;
      if (fresh && fresh.id) {
        setCard(fresh);
        setNotice(fresh.notice);
        setQuantity(null);
        if (answer.ok) callAction({ name: 'decided', payload: { proposal: fresh.id } });
      } else await load();
    } catch (error) {
      await load();
    }
    setBusy(false);
  };

  if (!card) return <div className="ss-card ss-waiting" aria-busy="true" />;
  if (card.gone) return null;
  const say = card.words;
  return (
    <section className={`ss-card ss-${card.tone}`} data-proposal={card.id} aria-label={card.title}>
      <header>
        <h3>{card.title}</h3>
        <span className="ss-badge">{card.badge}</span>
      </header>
      <dl>
        {card.facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="ss-reason">{card.reason}</p>
      <ul className="ss-story">
        {card.story.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {notice ? (
        <p className="ss-notice" role="alert">
          {notice}
        </p>
      ) : null}
      {card.may_decide && quantity === null ? (
        <div className="ss-buttons">
          <Button disabled={busy} aria-label={`${say.approve}: ${say.about}`} onClick={() => send('decision', { approved: 'true' })}>
            {say.approve}
          </Button>
          <Button variant="outline" disabled={busy} aria-label={`${say.change}: ${say.about}`} onClick={() => setQuantity(card.quantity)}>
            {say.change}
          </Button>
          <Button variant="outline" disabled={busy} aria-label={`${say.reject}: ${say.about}`} onClick={() => send('decision', { approved: 'false' })}>
            {say.reject}
          </Button>
        </div>
      ) : null}
      {card.may_decide && quantity !== null ? (
        <form
          className="ss-buttons"
          onSubmit={(event) => {
            event.preventDefault();
            send('quantity', { quantity });
          }}
        >
          <Input
            type="number"
            className="ss-number"
            aria-label={`${say.quantity}: ${say.about}`}
            value={quantity}
            step={card.pack}
            min={Math.ceil(card.least / card.pack) * card.pack}
            onChange={(event) => setQuantity(event.target.value)}
          />
          <Button type="submit" disabled={busy}>
            {say.keep}
          </Button>
          <Button type="button" variant="outline" onClick={() => setQuantity(null)}>
            {say.cancel}
          </Button>
        </form>
      ) : null}
    </section>
  );
}

const Lasting = window.lasting('ProposalCard', ProposalCard);
export default <Lasting key={props.proposal} props={props} callAction={callAction} />;
